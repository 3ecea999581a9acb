/**
 * What the tests of workflows read: the files, and what is in them.
 */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

/** Where the repository is, and a file of it. */
export const REPO = join(import.meta.dirname, '..', '..');

export const read = (path) => readFile(join(REPO, path), 'utf8');

/** Files of this repository that git knows, by pattern. */
export const tracked = (...patterns) =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: REPO, encoding: 'utf8' })
    .trim()
    .split('\n');

/** Every workflow and every action of ours: its path and its text. */
export const TEXTS = await Promise.all(
  tracked('.github/workflows/*.yml', '.github/actions/*/action.yml').map(async (file) => [
    file,
    await read(file),
  ]),
);
const PARSED = new Map(TEXTS.map(([file, text]) => [file, parse(text)]));

/** A workflow, an action of ours, and a list of the jobs of a workflow: its name and itself. */
export const workflow = (name) => PARSED.get(`.github/workflows/${name}.yml`);
export const action = (name) => PARSED.get(`.github/actions/${name}/action.yml`);
export const jobsOf = (name) => Object.entries(workflow(name).jobs);

/** Every job of every workflow, and every step of these and of the actions: `{file, name, job}`, `{file, step}`. */
export const JOBS = [...PARSED].flatMap(([file, { jobs = {} }]) =>
  Object.entries(jobs).map(([name, job]) => ({ file, name, job })),
);
export const STEPS = [
  ...JOBS.map(({ file, job }) => [file, job.steps]),
  ...[...PARSED].map(([file, { runs }]) => [file, runs?.steps]),
].flatMap(([file, steps = []]) => steps.map((step) => ({ file, step })));

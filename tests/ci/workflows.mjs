/**
 * What the tests of workflows read: the files, and what is in them.
 */
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the repository is, and a file of it. */
export const REPO = join(import.meta.dirname, '..', '..');

export const read = (path) => readFile(join(REPO, path), 'utf8');

const GITHUB = await readdir(join(REPO, '.github'), { recursive: true });

/** Every workflow, and every action of ours. */
export const FILES = GITHUB.filter((name) => /^(workflows|actions)\/.*\.yml$/.test(name)).map(
  (name) => `.github/${name}`,
);

/** Files of this repository that git knows, by pattern. */
export const tracked = (...patterns) =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: REPO, encoding: 'utf8' })
    .trim()
    .split('\n');

/** The jobs of a workflow: name -> its lines. */
export async function jobsOf(name) {
  const [, text] = (await read(`.github/workflows/${name}.yml`)).split(/^jobs:$/m);
  const [, ...jobs] = text.split(/^ {2}(?=[a-z-]+:$)/m);
  return new Map(jobs.map((job) => [job.slice(0, job.indexOf(':')), job]));
}

/** The commands of every step of a file. */
export async function commands(file) {
  return [...(await read(file)).matchAll(/^\s*(?:- )?run: (.+)$/gm)].map(([, command]) => command);
}

/** What a job needs, and what it may do: `name -> level`. */
export const needsOf = (job) =>
  /^ {4}needs:\s+\[?([^\]\n]+)\]?$/m.exec(job)?.[1].split(', ').sort() ?? [];

export const rightsOf = (job) =>
  new Map(
    [
      ...(/^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(job)?.[1] ?? '').matchAll(
        /^ +([a-z-]+): (\w+)/gm,
      ),
    ].map((found) => found.slice(1)),
  );

/** The steps of a job, or of an action of ours. */
export const stepsOf = (text) =>
  text.split(/^ {4,6}- (?=if:|id:|name:|uses:|run:|shell:)/m).slice(1);

/**
 * Runs the scripts of the pipeline where they can do no harm: a copy of scripts/ in a directory of its own, and
 * stand-ins for the programs that would reach a cluster, a registry or a cloud. A stand-in notes how it was called,
 * and does what the test says.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const REPO = join(import.meta.dirname, '..', '..');

/** For a stand-in of `gh`: `answers JSON ARGUMENT...` prints what gh does, by its --jq. */
export const GH_ANSWERS = `
answers() {
    local json=$1 filter=.
    while shift && (($#)); do [[ $1 != --jq ]] || filter=$2; done
    jq --raw-output "$filter" <<<"$json"
}`;

/** Digests that differ, for images that differ. */
export const digest = (letter) => `sha256:${letter.repeat(64)}`;

/** A list of images to deploy, all of one release. */
export const imagesFile = (letter) =>
  ['api', 'dash-app', 'react-app']
    .map((service) => `mlp/${service}=registry.test/mlp-${service}@${digest(letter)}\n`)
    .join('');

/**
 * `programs`: name -> what its stand-in does (a bash script); `files`: path -> content; `scripts`: paths of scripts
 * that are not in scripts/. The sandbox is removed with the test `t`.
 */
export async function sandbox(t, { programs = {}, files = {}, scripts = [] }) {
  const root = await mkdtemp(join(tmpdir(), 'mlp-ci-'));
  t.after(() => rm(root, { recursive: true }));
  for (const path of ['scripts', ...scripts]) {
    await cp(join(REPO, path), join(root, path), { recursive: true });
  }
  await mkdir(join(root, 'bin'));
  for (const [name, body] of Object.entries(programs)) {
    const path = join(root, 'bin', name);
    await writeFile(path, `#!/bin/bash\necho "${name} $*" >>"$CALLS"\n${body}\n`);
    await chmod(path, 0o755);
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(root, dirname(name)), { recursive: true });
    await writeFile(join(root, name), content);
  }

  const path = (name) => join(root, name);
  return {
    path,
    read: (name) => readFile(path(name), 'utf8'),
    write: (name, content) => writeFile(path(name), content),
    /** How the stand-ins were called, a line for each call. */
    calls: async () => (await readFile(path('calls'), 'utf8').catch(() => '')).trim().split('\n'),
    /** Runs a script; never throws for an exit code. */
    run: (script, args = [], { env = {}, input = '' } = {}) =>
      new Promise((resolve) => {
        const child = execFile(
          path(script),
          args,
          {
            cwd: root,
            env: {
              PATH: `${path('bin')}:${process.env.PATH}`,
              HOME: root,
              CALLS: path('calls'),
              GITHUB_OUTPUT: path('output'),
              RUN_DIR: path('run'),
              ...env,
            },
          },
          (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }),
        );
        // Who ends without having read it breaks the pipe, which is no fault.
        child.stdin.on('error', () => {});
        child.stdin.end(input);
      }),
  };
}

/**
 * Runs a script of scripts/ in a sandbox of its own: what it said (`code`, `output`), what it called (`calls`), and the
 * sandbox (`box`).
 */
export async function play(t, script, args = [], { programs, files, ...options } = {}) {
  const box = await sandbox(t, { programs, files });
  const result = await box.run(`scripts/${script}`, args, options);
  return { ...result, box, calls: await box.calls() };
}

/** The script ended with 1 and said this. */
export function assertRefused({ code, output }, message) {
  assert.equal(code, 1, output);
  assert.match(output, message);
}

/** Each pattern has a call, and the first calls of each come in this order. */
export function assertOrder(calls, ...patterns) {
  const order = patterns.map((pattern) => calls.findIndex((call) => pattern.test(call)));
  const said = `${order} of\n${calls.join('\n')}`;
  assert.ok(!order.includes(-1), said);
  const sorted = order.toSorted((a, b) => a - b);
  assert.deepEqual(order, sorted, said);
}

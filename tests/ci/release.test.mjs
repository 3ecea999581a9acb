/**
 * A release: which steps it takes, and that whatever fails is taken back.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { imagesFile, sandbox } from './sandbox.mjs';

// make fails when its arguments match FAIL, and does not end when they match HANG; INTERRUPTED, somebody types Ctrl-C
// then. A canary is noted, as scripts/deploy.sh does, unless NOTHING_RAN before.
const MAKE = `if [[ -n \${HANG:-} && "$*" =~ $HANG ]]; then
  sleep 600 >/dev/null 2>&1 &
  echo "$!" >"$RUN_DIR/hanging"
  [[ -z \${INTERRUPTED:-} ]] || kill -INT "$(ps -o ppid= "$PPID")"
  wait
fi
[[ -z \${FAIL:-} || ! "$*" =~ $FAIL ]] || exit
[[ "$*" != *CANARY=1* || -n \${NOTHING_RAN:-} ]] || touch "$RUN_DIR/deploy/production/canary"`;

async function release(t, environment, env = {}) {
  const box = await sandbox(t, {
    programs: { make: MAKE },
    files: {
      'images.txt': imagesFile('b'),
      'run/deploy/staging/previous': imagesFile('a'),
      'run/deploy/production/previous': '',
    },
  });
  const result = await box.run('scripts/ci/release.sh', [environment, 'images.txt'], {
    env: { BASE_URL: 'https://test.example', ...env },
  });
  const made = (await box.calls())
    .filter((call) => call.startsWith('make '))
    .map((call) =>
      call
        .replace(/^make --no-print-directory -C \S+ /, '')
        .replace('IMAGES_FILE=images.txt', 'NEW')
        .replace(' ASSUME_YES=1', ''),
    );
  return { ...result, made, box };
}

/** What the step that hung had started has ended too: nothing disturbs the way back. */
async function assertNothingHangs(box) {
  const pid = Number(await box.read('run/hanging'));
  const exists = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  // Ended, it is there until somebody has taken note of it.
  for (let tries = 0; exists() && tries < 200; ++tries) await setTimeout(100);
  assert.ok(!exists(), 'it still runs');
}

const watch = (environment, more = '') =>
  `slo-watch PROMETHEUS_MATCHERS=namespace="mlp-${environment}"${more}`;
// A tenth of the requests has to be enough to judge by.
const WATCH_CANARY = `${watch('production', ',pod=~"api-canary-.*"')} WATCH_RATE=30`;

test('staging: deployed, then tested end to end', async (t) => {
  const { code, made } = await release(t, 'staging');
  assert.equal(code, 0);
  assert.deepEqual(made, ['deploy-staging NEW', 'e2e']);
});

test('production: a canary is watched before all, and all are watched afterwards', async (t) => {
  const { code, made } = await release(t, 'production');
  assert.equal(code, 0);
  assert.deepEqual(made, [
    'deploy-prod NEW CANARY=1',
    WATCH_CANARY,
    'deploy-prod NEW',
    watch('production'),
  ]);
});

test('production: a first release has no canary, and is watched all the same', async (t) => {
  const { code, made } = await release(t, 'production', { NOTHING_RAN: '1' });
  assert.equal(code, 0);
  assert.deepEqual(made, ['deploy-prod NEW CANARY=1', watch('production')]);
});

for (const [what, environment, fails, steps] of [
  ['a deployment', 'staging', 'deploy-staging IMAGES_FILE', ['deploy-staging NEW']],
  ['an end-to-end test', 'staging', 'e2e$', ['deploy-staging NEW', 'e2e']],
  ['a canary', 'production', 'CANARY=1', ['deploy-prod NEW CANARY=1']],
  [
    'the objective with the canary',
    'production',
    'canary-',
    ['deploy-prod NEW CANARY=1', WATCH_CANARY],
  ],
  [
    'the release to all',
    'production',
    'images.txt ASSUME_YES=1$',
    ['deploy-prod NEW CANARY=1', WATCH_CANARY, 'deploy-prod NEW'],
  ],
  [
    'the objective with all',
    'production',
    'namespace="mlp-production"$',
    ['deploy-prod NEW CANARY=1', WATCH_CANARY, 'deploy-prod NEW', watch('production')],
  ],
]) {
  test(`${environment}: when ${what} fails, all that it changed is taken back`, async (t) => {
    const { code, made } = await release(t, environment, { FAIL: fails });
    assert.equal(code, 1, 'a release that was taken back has failed');
    assert.deepEqual(made, [...steps, `${steps[0].split(' ')[0]} BACK=1`]);
  });
}

for (const [what, environment, hangs, limit, steps] of [
  ['the deployment', 'staging', 'IMAGES_FILE', 'DEPLOY', ['deploy-staging NEW']],
  ['the end-to-end tests', 'staging', 'e2e$', 'E2E', ['deploy-staging NEW', 'e2e']],
  ['the watch', 'production', 'canary-', 'WATCH', ['deploy-prod NEW CANARY=1', WATCH_CANARY]],
]) {
  test(`${environment}: when ${what} do not end, there is time left to take back what changed`, async (t) => {
    const env = { HANG: hangs, [`${limit}_MINUTES`]: '0.02' };
    const { code, output, made, box } = await release(t, environment, env);
    assert.equal(code, 1);
    assert.match(output, /took longer than 0\.02 minutes/);
    assert.deepEqual(made, [...steps, `${steps[0].split(' ')[0]} BACK=1`]);
    await assertNothingHangs(box);
  });
}

test('Ctrl-C ends the step, and takes back what it changed', async (t) => {
  const { code, made, box } = await release(t, 'staging', { HANG: 'e2e$', INTERRUPTED: '1' });
  assert.equal(code, 130);
  assert.deepEqual(made, ['deploy-staging NEW', 'e2e', 'deploy-staging BACK=1']);
  await assertNothingHangs(box);
});

test('a job has time for every step at its limit, and for the way back', async () => {
  const read = (path) => readFile(join(import.meta.dirname, '../..', path), 'utf8');
  const script = await read('scripts/ci/release.sh');
  const minutes = (name) => Number(new RegExp(`^${name}_MINUTES=.*:-(\\d+)`, 'm').exec(script)[1]);
  const [deploy, e2e, watched, back] = ['DEPLOY', 'E2E', 'WATCH', 'BACK'].map(minutes);
  // Installing what the job needs, and the proofs of the images.
  const before = 10;
  for (const [environment, work] of [
    ['staging', deploy + e2e],
    ['production', 2 * (deploy + watched)],
  ]) {
    const [, job] = (await read(`.github/workflows/cd-${environment}.yml`)).split(/^ {2}deploy:$/m);
    const [, limit] = /^ {4}timeout-minutes: (\d+)$/m.exec(job);
    assert.ok(limit >= before + work + back, `${environment}: ${before} + ${work} + ${back}`);
    assert.ok(limit <= 360, 'more GitHub gives no job');
  }
});

test('a roll-back that fails says how to do it by hand', async (t) => {
  const { code, output } = await release(t, 'staging', { FAIL: 'deploy-staging' });
  assert.equal(code, 1);
  assert.match(output, /the roll-back failed too/);
  assert.match(output, /mlp\/dash-app=registry\.test\/mlp-dash-app@sha256:a{64}/);
});

test('DRY_RUN=1 shows the steps and takes none', async (t) => {
  const { code, output, made } = await release(t, 'production', { DRY_RUN: '1' });
  assert.equal(code, 0);
  assert.deepEqual(made, []);
  assert.match(output, /make deploy-prod .* CANARY=1/);
});

for (const [what, content] of [
  ['a tag', imagesFile('b').replace(/@sha256:b+/, ':latest')],
  ['an image too few', imagesFile('b').split('\n').slice(1).join('\n')],
  ['an image of others', `${imagesFile('b')}other=registry.test/x@sha256:${'c'.repeat(64)}\n`],
  ['an image twice', imagesFile('b') + imagesFile('b')],
]) {
  test(`a list with ${what} is refused before anything happens`, async (t) => {
    const box = await sandbox(t, {
      programs: { make: '' },
      files: { 'images.txt': content },
    });
    const env = { BASE_URL: 'https://test.example' };
    const { code } = await box.run('scripts/ci/release.sh', ['staging', 'images.txt'], { env });
    assert.equal(code, 1);
    assert.deepEqual(await box.calls(), ['']);
  });
}

/**
 * A release: which steps it takes, and that whatever fails is taken back.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { imagesFile, play } from './sandbox.mjs';
import { read } from './workflows.mjs';

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

async function release(t, environment, env = {}, images = imagesFile('b')) {
  const result = await play(t, 'ci/release.sh', [environment, 'images.txt'], {
    programs: { make: MAKE },
    files: {
      'images.txt': images,
      'run/deploy/staging/previous': imagesFile('a'),
      'run/deploy/production/previous': '',
    },
    env: { BASE_URL: 'https://test.example', ...env },
  });
  const made = result.calls
    .filter((call) => call.startsWith('make '))
    .map((call) =>
      call
        .replace(/^make --no-print-directory -C \S+ /, '')
        .replace('IMAGES_FILE=images.txt', 'NEW')
        .replace(' ASSUME_YES=1', ''),
    );
  return { ...result, made };
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
/** The steps of a release that succeeds. */
const STEPS = {
  staging: ['deploy-staging NEW', 'e2e'],
  production: ['deploy-prod NEW CANARY=1', WATCH_CANARY, 'deploy-prod NEW', watch('production')],
};

for (const [what, environment, env, steps] of [
  ['deployed, then tested end to end', 'staging', {}, STEPS.staging],
  ['a canary is watched before all, and all are afterwards', 'production', {}, STEPS.production],
  [
    'a first release has no canary, and is watched all the same',
    'production',
    { NOTHING_RAN: '1' },
    ['deploy-prod NEW CANARY=1', watch('production')],
  ],
  ['DRY_RUN=1 shows the steps and takes none', 'production', { DRY_RUN: '1' }, []],
]) {
  test(`${environment}: ${what}`, async (t) => {
    const { code, output, made } = await release(t, environment, env);
    assert.equal(code, 0, output);
    assert.deepEqual(made, steps);
    if (environment === 'production') assert.match(output, /make deploy-prod .* CANARY=1/);
  });
}

// `taken`: how many of the steps were.
for (const [what, environment, taken, fails] of [
  ['a deployment', 'staging', 1, 'deploy-staging IMAGES_FILE'],
  ['an end-to-end test', 'staging', 2, 'e2e$'],
  ['a canary', 'production', 1, 'CANARY=1'],
  ['the objective with the canary', 'production', 2, 'canary-'],
  ['the release to all', 'production', 3, 'images.txt ASSUME_YES=1$'],
  ['the objective with all', 'production', 4, 'namespace="mlp-production"$'],
]) {
  test(`${environment}: when ${what} fails, all that it changed is taken back`, async (t) => {
    const { code, made } = await release(t, environment, { FAIL: fails });
    assert.equal(code, 1, 'a release that was taken back has failed');
    const steps = STEPS[environment].slice(0, taken);
    assert.deepEqual(made, [...steps, `${steps[0].split(' ')[0]} BACK=1`]);
  });
}

for (const [what, environment, taken, env, code, said] of [
  ['the deployment', 'staging', 1, { HANG: 'IMAGES_FILE', DEPLOY_MINUTES: '0.02' }],
  ['the end-to-end tests', 'staging', 2, { HANG: 'e2e$', E2E_MINUTES: '0.02' }],
  ['the watch', 'production', 2, { HANG: 'canary-', WATCH_MINUTES: '0.02' }],
  ['Ctrl-C', 'staging', 2, { HANG: 'e2e$', INTERRUPTED: '1' }, 130, /Interrupted/],
]) {
  test(`${environment}: when ${what} ends a step, its processes end, and what it changed is taken back`, async (t) => {
    const result = await release(t, environment, env);
    assert.equal(result.code, code ?? 1);
    assert.match(result.output, said ?? /took longer than 0\.02 minutes/);
    const steps = STEPS[environment].slice(0, taken);
    assert.deepEqual(result.made, [...steps, `${steps[0].split(' ')[0]} BACK=1`]);
    await assertNothingHangs(result.box);
  });
}

test('a job has time for every step at its limit, and for the way back', async () => {
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
  assert.match(
    output,
    /the roll-back failed too[^]*mlp\/dash-app=registry\.test\/mlp-dash-app@sha256:a{64}/,
  );
});

for (const [what, content] of [
  ['a tag', imagesFile('b').replace(/@sha256:b+/, ':latest')],
  ['an image too few', imagesFile('b').split('\n').slice(1).join('\n')],
  ['an image of others', `${imagesFile('b')}other=registry.test/x@sha256:${'c'.repeat(64)}\n`],
  ['an image twice', imagesFile('b') + imagesFile('b')],
]) {
  test(`a list with ${what} is refused before anything happens`, async (t) => {
    const { code, made } = await release(t, 'staging', {}, content);
    assert.equal(code, 1);
    assert.deepEqual(made, []);
  });
}

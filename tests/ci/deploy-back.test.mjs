/**
 * A deployment that goes back, by itself or when told to; and its canary.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GATE, UNDO, canary, deploy } from './deployment.mjs';

test('the list for going back has the images that ran', async (t) => {
  const { box } = await deploy(t, 'staging', { FAIL: 'rollout status deployment/api' });
  const previous = await box.read('run/deploy/staging/previous');
  assert.match(previous, /^mlp\/dash-app=registry\.test\/mlp-dash@sha256:a{64}$/m);
});

for (const [what, env, steps] of [
  ['a rollout that does not finish', { FAIL: 'rollout status deployment/api --timeout=600s$' }, []],
  ['a platform that answers wrongly', { SICK: '1' }, ['smoke https://test.example']],
]) {
  test(`ROLLBACK=1: ${what} is taken back to the revisions that ran`, async (t) => {
    const { code, steps: taken } = await deploy(t, 'staging', { ...env, ROLLBACK: '1' });
    assert.equal(code, 1, 'a deployment that was taken back has failed');
    assert.deepEqual(taken, [...GATE, 'apply all', ...steps, ...UNDO]);
  });
}

test('BACK=1 takes the last deployment back: images, settings, and the gateway', async (t) => {
  const { code, output, steps } = await deploy(
    t,
    'staging',
    { BACK: '1' },
    { before: [{ BACK: '0' }] },
  );
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [...UNDO, 'smoke https://test.example']);
});

test('BACK=1: a canary and its release to all are one deployment', async (t) => {
  const release = { BACK: '0', REVISION: '9' };
  const before = [
    { BACK: '0', CANARY: '1' },
    { ...release, SICK: '1' },
  ];
  const { code, output, steps } = await deploy(t, 'production', { BACK: '1' }, { before });
  assert.equal(code, 0, output);
  assert.deepEqual(
    steps.filter((step) => step.startsWith('undo')),
    UNDO,
  );
  assert.ok(steps.includes('weigh 100,0') && steps.includes('scale api-canary --replicas=0'));
});

for (const [what, before] of [
  ['was deployed from here', []],
  ['got past the checks', [{ BACK: '0', FAIL: 'auth can-i' }]],
  ['could be asked of the cluster', [{ BACK: '0', FAIL: 'get deployment' }]],
  ['is left to take back', [{ BACK: '0' }, {}]],
]) {
  test(`BACK=1 changes nothing when nothing ${what}`, async (t) => {
    const { code, output, calls } = await deploy(t, 'staging', { BACK: '1' }, { before });
    assert.equal(code, 0, output);
    assert.match(output, /nothing to take back/);
    assert.deepEqual(calls, ['']);
  });
}

test('where nothing runs there is no canary: the first release goes to all', async (t) => {
  const env = { NOTHING_RUNS: '1', CANARY: '1' };
  const { code, output, steps } = await deploy(t, 'production', env);
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [...GATE, 'apply all', 'smoke https://test.example']);
});

test('BACK=1 after a first deployment leaves it as it is, and says so', async (t) => {
  const before = [{ BACK: '0', NOTHING_RUNS: '1' }];
  const { code, output, calls } = await deploy(t, 'staging', { BACK: '1' }, { before });
  assert.equal(code, 0, output);
  assert.match(output, /Nothing ran before the last deployment, so it stays as it is/);
  assert.deepEqual(calls, ['']);
});

test('a first deployment that fails has nothing to go back to, and says so', async (t) => {
  const env = { NOTHING_RUNS: '1', SICK: '1', ROLLBACK: '1' };
  const { code, output, steps } = await deploy(t, 'staging', env);
  assert.equal(code, 1);
  assert.match(output, /nothing ran before/);
  assert.equal(
    steps.some((step) => step.startsWith('undo')),
    false,
  );
});

test('CANARY=1 stops at a tenth of the requests', async (t) => {
  const { code, output, steps } = await deploy(t, 'production', { CANARY: '1' });
  assert.equal(code, 0, output);
  const weights = Array(3).fill('weigh 90,10,');
  assert.deepEqual(
    steps.map((step) => step.replace(/(weigh \d+,\d+)$/, '$1,')),
    [...GATE, 'apply canary', ...canary(1), ...weights],
  );
});

test('a canary that does not come up is taken away, and the release goes on as it was', async (t) => {
  const env = { CANARY: '1', FAIL: 'rollout status deployment/dash-canary' };
  const { code, steps } = await deploy(t, 'production', env);
  assert.equal(code, 1);
  const weights = Array(3).fill('weigh 100,0');
  assert.deepEqual(steps, [...GATE, 'apply canary', ...canary(1), ...weights, ...canary(0)]);
});

test('BACK=1 DRY_RUN=1 shows the way back, and does not take it', async (t) => {
  const env = { BACK: '1', DRY_RUN: '1' };
  const before = [{ BACK: '0', DRY_RUN: '0' }];
  const { code, output, calls } = await deploy(t, 'staging', env, { before });
  assert.equal(code, 0, output);
  assert.match(output, /rollout undo deployment\/api --to-revision=7\n/);
  assert.match(output, /nothing was changed\n$/);
  assert.deepEqual(calls, ['']);
});

/**
 * A deployment that goes back, by itself or when told to; and its canary.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BACK, GATE, OBJECTS, OF_RELEASE_A, canary, deploy } from './deployment.mjs';
import { imagesFile } from './sandbox.mjs';

test('the list for going back has the images that ran', async (t) => {
  const { box } = await deploy(t, 'staging', { FAIL: 'rollout status deployment/api' });
  assert.equal(await box.read('run/deploy/staging/previous'), imagesFile('a'));
});

for (const [what, env, steps] of [
  ['a rollout that does not finish', { FAIL_ONCE: 'rollout status deployment/api ' }, []],
  ['a platform that answers wrongly', { SICK: '1' }, ['smoke https://test.example']],
]) {
  test(`ROLLBACK=1: ${what} is taken back to what the cluster has recorded`, async (t) => {
    const { code, steps: taken, box } = await deploy(t, 'staging', { ...env, ROLLBACK: '1' });
    assert.equal(code, 1, 'a deployment that was taken back has failed');
    assert.deepEqual(taken, [...GATE, 'apply all', ...steps, ...BACK]);
    assert.equal(await box.read('record/manifests.yaml'), OF_RELEASE_A);
  });
}

test('a release that was deployed to the end is recorded, one that was not is not', async (t) => {
  const done = await deploy(t, 'staging');
  assert.equal(await done.box.read('record/manifests.yaml'), OBJECTS);
  assert.equal(await done.box.read('record/images'), imagesFile('b'));
  const failed = await deploy(t, 'staging', { SICK: '1' });
  assert.equal(await failed.box.read('record/images'), imagesFile('a'));
});

test('BACK=1 takes the last deployment back, and what only it had', async (t) => {
  const env = {
    BACK: '1',
    LIVE: 'configmap/of-release-a\nconfigmap/of-release-b\nhttproute.gateway.networking.k8s.io/b\n',
  };
  const before = [{ BACK: '0', LIVE: '' }];
  const { code, output, steps, box } = await deploy(t, 'staging', env, { before });
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [
    'apply what ran before',
    'remove configmap/of-release-b httproute.gateway.networking.k8s.io/b',
    'record',
    'smoke https://test.example',
  ]);
  assert.equal(await box.read('record/images'), imagesFile('a'));
});

test('what a release no longer has is removed; what may hold data is only named', async (t) => {
  const env = { LIVE: 'configmap/of-release-a\nstatefulset.apps/postgres\n' };
  const { code, output, steps, calls } = await deploy(t, 'staging', env);
  assert.equal(code, 0, output);
  assert.deepEqual(steps.slice(GATE.length), [
    'apply all',
    'remove configmap/of-release-a',
    'smoke https://test.example',
    'record',
  ]);
  assert.match(output, /kept since it may hold data: statefulset\.apps\/postgres\n/);
  // Only types that a release has, and only of this namespace: not those of the other environments in the cluster.
  const asked = calls.find((call) => call.includes('part-of=mlp'));
  assert.match(asked, /--namespace=mlp-staging get configmap --selector/);
});

test('BACK=1: a canary and its release to all are one deployment', async (t) => {
  const before = [
    { BACK: '0', CANARY: '1' },
    { BACK: '0', SICK: '1' },
  ];
  const { code, output, steps } = await deploy(t, 'production', { BACK: '1' }, { before });
  assert.equal(code, 0, output);
  assert.ok(steps.includes('apply what ran before'));
  assert.ok(steps.includes('weigh 100,0') && steps.includes('scale api-canary --replicas=0'));
});

for (const [what, before] of [
  ['was deployed from here', []],
  ['got past the checks', [{ BACK: '0', FAIL: 'auth can-i' }]],
  ['could be asked of the cluster', [{ BACK: '0', FAIL: 'get configmap' }]],
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
  assert.deepEqual(steps, [...GATE, 'apply all', 'smoke https://test.example', 'record']);
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
    steps.some((step) => step === 'apply what ran before'),
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
  assert.match(output, / apply .*before\.yaml /);
  assert.match(output, /nothing was changed\n$/);
  assert.deepEqual(calls, ['']);
});

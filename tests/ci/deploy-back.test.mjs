/**
 * A deployment that goes back, by itself or when told to; what a release leaves behind; the canary.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALL, GATE, SMOKE, deploy } from './deployment.mjs';
import { imagesFile } from './sandbox.mjs';

/** What going back does. */
const BACK = ['apply what ran before', 'record'];
const scaled = (replicas) =>
  ['api', 'dash', 'react'].map((name) => `scale ${name}-canary --replicas=${replicas}`);
const weighed = (stable, canary) => Array(3).fill(`weigh ${stable},${canary}`);

for (const [what, environment, env, code, steps, said] of [
  [
    'ROLLBACK=1: a rollout that does not finish',
    'staging',
    { FAIL_ONCE: 'rollout status deployment/api ', ROLLBACK: '1' },
    1,
    [...GATE, 'apply all', ...BACK],
    /rolled back$/m,
  ],
  [
    'ROLLBACK=1: a platform that answers wrongly',
    'staging',
    { SICK: '1', ROLLBACK: '1' },
    1,
    [...GATE, 'apply all', SMOKE, ...BACK],
    /rolled back$/m,
  ],
  [
    'ROLLBACK=1: a first deployment that fails has nothing to go back to',
    'staging',
    { NOTHING_RUNS: '1', SICK: '1', ROLLBACK: '1' },
    1,
    [...GATE, 'apply all', SMOKE],
    /nothing ran before/,
  ],
  [
    'a release that failed is not recorded',
    'staging',
    { SICK: '1' },
    1,
    [...GATE, 'apply all', SMOKE],
    /back: BACK=1/,
  ],
  [
    'what a release no longer has is removed; what may hold data is only named',
    'staging',
    { LIVE: 'configmap/of-release-a\nstatefulset.apps/postgres\n' },
    0,
    [...GATE, 'apply all', 'remove configmap/of-release-a', SMOKE, 'record'],
    /kept since it may hold data: statefulset\.apps\/postgres\n/,
  ],
  [
    'where nothing runs there is no canary: the first release goes to all',
    'production',
    { NOTHING_RUNS: '1', CANARY: '1' },
    0,
    ALL,
    /releasing to all/,
  ],
  [
    'CANARY=1 stops at a tenth of the requests',
    'production',
    { CANARY: '1' },
    0,
    [...GATE, 'apply canary', ...scaled(1), ...weighed(90, 10)],
    /A tenth of the requests/,
  ],
  [
    'a canary that does not come up is taken away, and the release goes on as it was',
    'production',
    { CANARY: '1', FAIL: 'rollout status deployment/dash-canary' },
    1,
    [...GATE, 'apply canary', ...scaled(1), ...weighed(100, 0), ...scaled(0)],
    /the canary does not come up/,
  ],
]) {
  test(what, async (t) => {
    const result = await deploy(t, environment, env);
    assert.equal(result.code, code, result.output);
    assert.deepEqual(result.steps, steps);
    assert.match(result.output, said);
  });
}

test('the list for going back has the images that ran; only types of a release are asked for, of this namespace', async (t) => {
  const { box, calls } = await deploy(t, 'staging');
  assert.equal(await box.read('run/deploy/staging/previous'), imagesFile('a'));
  const asked = calls.find((call) => call.includes('part-of=mlp'));
  assert.match(asked, /--namespace=mlp-staging get configmap --selector/);
});

test('BACK=1 takes the last deployment back, and what only it had', async (t) => {
  const LIVE =
    'configmap/of-release-a\nconfigmap/of-release-b\nhttproute.gateway.networking.k8s.io/b\n';
  const before = [{ BACK: '0', LIVE: '' }];
  const { code, output, steps } = await deploy(t, 'staging', { BACK: '1', LIVE }, { before });
  assert.equal(code, 0, output);
  const removed = 'remove configmap/of-release-b httproute.gateway.networking.k8s.io/b';
  assert.deepEqual(steps, ['apply what ran before', removed, 'record', SMOKE]);
});

test('BACK=1: a canary and its release to all are one deployment', async (t) => {
  const before = [
    { BACK: '0', CANARY: '1' },
    { BACK: '0', SICK: '1' },
  ];
  const { code, output, steps } = await deploy(t, 'production', { BACK: '1' }, { before });
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [...weighed(100, 0), ...scaled(0), ...BACK, SMOKE]);
});

for (const [what, before, env = {}, said = /nothing to take back/] of [
  ['nothing was deployed from here', []],
  ['nothing got past the checks', [{ FAIL: 'auth can-i' }]],
  ['the cluster did not say what ran', [{ FAIL: 'get configmap' }]],
  ['it was taken back already', [{}, { BACK: '1' }]],
  ['nothing ran before', [{ NOTHING_RUNS: '1' }], {}, /so it stays as it is/],
  [
    'it only shows the way',
    [{}],
    { DRY_RUN: '1' },
    / apply .*before\.yaml [^]*nothing was changed\n$/,
  ],
]) {
  test(`BACK=1 changes nothing when ${what}`, async (t) => {
    const first = before.map((each) => ({ BACK: '0', DRY_RUN: '0', ...each }));
    const result = await deploy(t, 'staging', { BACK: '1', ...env }, { before: first });
    assert.equal(result.code, 0, result.output);
    assert.match(result.output, said);
    assert.deepEqual(result.calls, ['']);
  });
}

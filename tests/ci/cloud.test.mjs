/**
 * What makes and removes a cloud: that nothing is removed without the right words, and that trying it costs nothing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';

const SETTINGS = {
  'infrastructure/terraform/bootstrap/terraform.tfvars':
    'project_id = "shared-1"\nregion = "europe-west1"\n',
  'infrastructure/terraform/environments/staging/terraform.tfvars':
    'project_id = "staging-1"\nregion     = "europe-west1"\n',
  'infrastructure/terraform/environments/production/terraform.tfvars':
    'project_id = "production-1"\nregion     = "europe-west1"\n',
};
const PROGRAMS = { terraform: '', gcloud: '', kubectl: '' };

async function run(t, script, env, input = '', programs = PROGRAMS) {
  const box = await sandbox(t, { programs, files: SETTINGS });
  const result = await box.run(`scripts/${script}`, [], { env, input });
  const calls = (await box.calls()).map((call) => call.replaceAll(box.path('.'), '').trim());
  return { ...result, calls };
}

test('removing everything asks for each project by name, then goes from the outside in', async (t) => {
  const words = 'staging-1\nproduction-1\nshared-1\n';
  const { code, output, calls } = await run(t, 'cloud-down.sh', {}, words);
  assert.equal(code, 0, output);
  const destroyed = calls
    .filter((call) => / destroy /.test(call))
    .map((call) => call.match(/(\w+) destroy/)[1]);
  assert.deepEqual(destroyed, ['staging', 'production', 'bootstrap']);
  // The states go last: without them nothing could be removed any more.
  assert.match(calls.at(-1), /^gcloud storage rm --recursive gs:\/\/shared-1-mlp-state$/);
  // Load balancers belong to the cluster, which has to be there to remove them.
  const balancers = calls.findIndex((call) => call.startsWith('kubectl delete services'));
  assert.ok(balancers < calls.findIndex((call) => / destroy /.test(call)));
  assert.match(output, /gcloud projects delete production-1/);
});

for (const [what, words] of [
  ['no answer', ''],
  ['"yes"', 'yes\nyes\nyes\n'],
  ['the second project missing', 'staging-1\n'],
  ['the third one wrong', 'staging-1\nproduction-1\nproduction-1\n'],
]) {
  test(`nothing is removed after ${what}`, async (t) => {
    const { code, calls } = await run(t, 'cloud-down.sh', {}, words);
    assert.equal(code, 1);
    assert.deepEqual(calls, ['']);
  });
}

test('removing staging alone leaves production and what both share', async (t) => {
  const { code, calls } = await run(t, 'cloud-down.sh', { ENVIRONMENT: 'staging' }, 'staging-1\n');
  assert.equal(code, 0);
  assert.ok(!calls.some((call) => /production|bootstrap (init|destroy)|storage rm/.test(call)));
});

test('a cluster that is gone already is no reason to keep the rest', async (t) => {
  const programs = { ...PROGRAMS, gcloud: '[[ "$*" != *get-credentials* ]]' };
  const env = { ENVIRONMENT: 'staging' };
  const { code, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n', programs);
  assert.equal(code, 0);
  assert.ok(calls.some((call) => call.includes('staging destroy')));
});

test('making staging makes the bucket of the states first', async (t) => {
  const programs = { ...PROGRAMS, gcloud: '[[ "$*" != *"buckets describe"* ]]' };
  const { code, calls } = await run(t, 'cloud-up.sh', { ENVIRONMENT: 'staging' }, '', programs);
  assert.equal(code, 0);
  const order = [
    'buckets create',
    'bootstrap init',
    'bootstrap apply',
    'staging init',
    'staging apply',
  ];
  const found = order.map((part) => calls.findIndex((call) => call.includes(part)));
  assert.ok(
    found.every((index) => index >= 0),
    calls.join('\n'),
  );
  assert.deepEqual(
    found,
    found.toSorted((a, b) => a - b),
  );
  assert.match(calls.at(-1), /apply -var=state_bucket=shared-1-mlp-state$/);
});

for (const script of ['cloud-up.sh', 'cloud-down.sh']) {
  test(`${script}: DRY_RUN=1 shows every step without a cloud, its programs or settings`, async (t) => {
    const box = await sandbox(t, { programs: PROGRAMS });
    const env = { DRY_RUN: '1', ENVIRONMENT: 'all' };
    const { code, output } = await box.run(`scripts/${script}`, [], { env });
    assert.equal(code, 0, output);
    assert.deepEqual(await box.calls(), ['']);
    for (const stack of ['bootstrap', 'staging', 'production']) {
      assert.match(output, new RegExp(`terraform -chdir=\\S*${stack} init`));
    }
  });
}

test('an environment that does not exist is refused', async (t) => {
  const { code, calls } = await run(t, 'cloud-up.sh', { ENVIRONMENT: 'test' });
  assert.equal(code, 1);
  assert.deepEqual(calls, ['']);
});

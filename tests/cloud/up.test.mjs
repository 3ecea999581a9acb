/**
 * What makes a cloud, that trying it touches nothing, and what Terraform's own tests cannot see.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertOrder } from '../ci/sandbox.mjs';
import { PROGRAMS, SETTINGS, read, run, stackOf } from './cloud.mjs';

test('making staging makes the bucket of the states first', async (t) => {
  const programs = { ...PROGRAMS, gcloud: '[[ "$*" != *"buckets describe"* ]]' };
  const { code, calls } = await run(t, 'up.sh', { ENVIRONMENT: 'staging' }, '', programs);
  assert.equal(code, 0);
  assertOrder(
    calls,
    /buckets create/,
    /bootstrap init/,
    /bootstrap apply/,
    / init .*prefix=staging$/,
    / apply -var-file=staging\./,
  );
  assert.match(calls.at(-1), / apply .*-var=state_bucket=shared-1-mlp-state$/);
});

// Terraform enables services itself, but asks the first of these while it plans: on a new project, before it can.
for (const [what, gcloud] of [
  ['a new project', '[[ "$*" != *"buckets describe"* ]]'],
  ['a project with a bucket, after a first try that failed', ''],
]) {
  test(`${what}: what the first plan asks is enabled before it`, async (t) => {
    const programs = { ...PROGRAMS, gcloud };
    const { code, calls } = await run(t, 'up.sh', { ENVIRONMENT: 'staging' }, '', programs);
    assert.equal(code, 0);
    const enabling = calls.findIndex((call) => call.startsWith('gcloud services enable'));
    const made = gcloud ? [/buckets create/] : [];
    assertOrder(calls, /^gcloud services enable/, ...made, /bootstrap apply/);
    assert.match(calls[enabling], / --project=shared-1$/);
    for (const service of ['storage', 'serviceusage', 'cloudresourcemanager', 'cloudbilling']) {
      assert.match(calls[enabling], new RegExp(` ${service}\\.googleapis\\.com `));
    }
  });
}

test('bootstrap looks up projects once the service that knows them is enabled', () => {
  const [data] = read('terraform/bootstrap/main.tf').match(/^data "google_project" [^]*?^}/m);
  assert.match(data, /^ {2}depends_on = \[google_project_service\.apis\]$/m);
});

for (const script of ['up.sh', 'down.sh']) {
  test(`${script}: DRY_RUN=1 shows every step without a cloud, its programs or settings`, async (t) => {
    const env = { DRY_RUN: '1', ENVIRONMENT: 'all' };
    const { code, output, calls } = await run(t, script, env, '', PROGRAMS, {});
    assert.equal(code, 0, output);
    assert.deepEqual(calls, ['']);
    for (const stack of ['bootstrap', 'staging', 'production']) {
      assert.match(output, new RegExp(`terraform -chdir=\\S+ init .*prefix=${stack} `));
    }
    assert.match(output, /Dry run: nothing was changed/);
    assert.doesNotMatch(output, /is removed|Done/);
  });
}

for (const [script, words] of [
  ['up.sh', ''],
  ['down.sh', 'staging-1\n'],
]) {
  test(`${script}: without the settings of what is shared nobody guesses a bucket`, async (t) => {
    const files = Object.fromEntries(
      Object.entries(SETTINGS).filter(([name]) => !name.includes('bootstrap')),
    );
    const env = { ENVIRONMENT: 'staging' };
    const { code, output, calls } = await run(t, script, env, words, PROGRAMS, files);
    assert.equal(code, 1);
    assert.equal(output.match(/bootstrap\/terraform\.tfvars does not say project_id/g)?.length, 1);
    assert.deepEqual(calls, ['']);
  });
}

test('an environment that does not exist is refused', async (t) => {
  const { code, calls } = await run(t, 'up.sh', { ENVIRONMENT: 'test' });
  assert.equal(code, 1);
  assert.deepEqual(calls, ['']);
});

test('each environment has its own state, and its own note of where that is', async (t) => {
  const programs = { ...PROGRAMS, terraform: 'echo "in $TF_DATA_DIR" >>"$CALLS"' };
  const { code, output, calls } = await run(t, 'up.sh', { ENVIRONMENT: 'all' }, '', programs);
  assert.equal(code, 0, output);
  for (const [stack, data] of [
    ['bootstrap', '.terraform'],
    ['staging', '.terraform/staging'],
    ['production', '.terraform/production'],
  ]) {
    const mine = calls.flatMap((call, index) =>
      call.startsWith('terraform ') && stackOf(call) === stack ? [[call, calls[index + 1]]] : [],
    );
    assert.equal(mine.length, 2, calls.join('\n'));
    assert.match(mine[0][0], new RegExp(` init .*-backend-config=prefix=${stack}$`));
    assert.match(mine[1][0], / apply/);
    for (const [, noted] of mine) assert.equal(noted, `in ${data}`);
  }
});

test('an environment is applied with its values, then with those of its owner, which win', async (t) => {
  const { calls } = await run(t, 'up.sh', { ENVIRONMENT: 'staging' });
  assert.match(
    calls.at(-1),
    /apply -var-file=staging\.tfvars -var-file=staging\.owner\.tfvars -var=state_bucket=\S+$/,
  );
});

test('every value that an owner may set is a variable of the environments', () => {
  const root = 'terraform/environments';
  const names = [...read(`${root}/owner.tfvars.example`).matchAll(/^(?:# )?(\w+) += /gm)];
  assert.ok(names.length >= 4);
  for (const [, name] of names) {
    assert.match(read(`${root}/variables.tf`), new RegExp(`^variable "${name}" `, 'm'));
    assert.match(read(`${root}/main.tf`), new RegExp(` = var\\.${name}$`, 'm'));
  }
});

// Order is nothing that Terraform's own tests can see: their Google takes everything at any time.
test('the workloads of the cluster get their rights once it has made their pool', () => {
  const resources = read('terraform/modules/platform/access.tf').match(/^resource [^]*?^}/gm);
  const ofWorkloads = resources.filter((resource) => resource.includes('local.workloads'));
  assert.equal(ofWorkloads.length, 2);
  for (const resource of ofWorkloads) {
    assert.match(resource, /^ {2}depends_on = \[google_container_cluster\.this\]$/m);
  }
});

test('the database takes as many connections as all pods of the API may open', () => {
  const [, limit] = read('terraform/modules/platform/database.tf').match(
    /max_connections = "(\d+)"/,
  );
  const scalers = read('kubernetes/components/autoscaling/autoscalers.yaml');
  const [, each] = scalers.match(/= (\d+) connections/);
  const one = (file, pattern) => Number(read(file).match(pattern)[1]);
  const pool = '../libs/postgres/include/postgres/pool.hpp';
  const ofThread =
    one(pool, / connections_per_thread = (\d+);/) +
    one(pool, / write_connections_per_thread = (\d+);/) +
    one(pool, / max_transactions_per_thread = (\d+);/);
  const threads = one('kubernetes/base/api.env', /^API_THREADS=(\d+)$/m);
  assert.equal(
    Number(each),
    threads * ofThread + 1,
    'what the comment says, one for events included',
  );
  const [, pods] = scalers.match(/name: api\n[^]*?maxReplicas: (\d+)/);
  // Those that leave in a rollout, a canary, and some that PostgreSQL reserves and for Google's own.
  assert.ok((2 * pods + 1) * each + 10 <= limit, `${pods} pods, ${each} each, of ${limit}`);
});

/**
 * What makes and removes a cloud: that nothing is removed without the right words, and that trying it costs nothing.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
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
const WHOLE = [
  'data.terraform_remote_state.bootstrap',
  'module.platform.data.google_project.this',
  'module.platform.google_compute_network.this',
  'module.platform.google_container_cluster.this',
  'module.platform.google_service_networking_connection.managed_services',
  'module.platform.google_sql_database_instance.this',
];
const PEERING = 'servicenetworking-googleapis-com';
/** A Terraform whose state holds these. */
const terraform = (resources) =>
  `[[ "$*" != *'state list' ]] || printf '%s\\n' ${resources.join(' ')}`;
/** A gcloud that finds these peerings of a network. */
const gcloud = (...peerings) => `[[ "$*" != *'peerings list'* ]] || echo '${peerings.join(';')}'`;
const PROGRAMS = {
  terraform: terraform(WHOLE),
  gcloud: gcloud('other', PEERING),
  kubectl: '',
  'gke-gcloud-auth-plugin': '',
};

/** A file below infrastructure/, as it is. */
const read = (path) =>
  readFileSync(join(import.meta.dirname, '../../infrastructure', path), 'utf8');

async function run(t, script, env, input = '', programs = PROGRAMS, files = SETTINGS) {
  const box = await sandbox(t, { programs, files });
  const result = await box.run(`scripts/${script}`, [], { env, input });
  const calls = (await box.calls()).map((call) => call.replaceAll(box.path('.'), '').trim());
  return { ...result, calls };
}

test('removing everything asks for each project by name, then goes from the outside in', async (t) => {
  const words = 'staging-1\nproduction-1\nshared-1\n';
  const { code, output, calls } = await run(t, 'cloud-down.sh', {}, words);
  assert.equal(code, 0, output);
  const destroyed = calls
    .filter((call) => / destroy .*-input=false$/.test(call))
    .map((call) => call.match(/(\w+) destroy/)[1]);
  assert.deepEqual(destroyed, ['staging', 'production', 'bootstrap']);
  // The states go last: without them nothing could be removed any more.
  assert.match(calls.at(-1), /^gcloud storage rm --recursive gs:\/\/shared-1-mlp-state$/);
  // Load balancers belong to the cluster, which has to be there to remove them.
  const balancers = calls.findIndex((call) => call.startsWith('kubectl delete services'));
  assert.ok(balancers < calls.findIndex((call) => / destroy /.test(call)));
  assert.match(output, /gcloud projects delete production-1/);
});

test('disks of the cluster go before it does, and are waited for', async (t) => {
  const env = { ENVIRONMENT: 'staging' };
  const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n');
  assert.equal(code, 0, output);
  const steps = [
    /^kubectl delete statefulsets/,
    /^kubectl delete persistentvolumeclaims/,
    /^kubectl wait/,
    / destroy /,
  ];
  const order = steps.map((step) => calls.findIndex((call) => step.test(call)));
  assert.ok(order[0] >= 0);
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
});

for (const [what, command, message] of [
  [
    'a gateway that does not go',
    'delete gateways',
    /a load balancer[^]*mlp-staging[^]*get gateways/,
  ],
  [
    'a service that does not go',
    'delete services',
    /a load balancer[^]*mlp-staging[^]*get services/,
  ],
  ['a database that does not go', 'delete statefulsets', /mlp-staging[^]*get statefulsets/],
  ['a claim that is still used', 'delete persistentvolumeclaims', /still uses a disk[^]*describe/],
  ['a volume that does not go', 'wait persistentvolumes', /disks are left[^]*mlp-staging[^]*again/],
]) {
  test(`${what} keeps the cluster`, async (t) => {
    const programs = { ...PROGRAMS, kubectl: `[[ "$*" != *'${command}'* ]]` };
    const env = { ENVIRONMENT: 'staging' };
    const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n', programs);
    assert.equal(code, 1);
    assert.match(output, message);
    assert.ok(!calls.some((call) => / (apply|destroy) /.test(call)));
  });
}

// Terraform abandons the connection to Google's managed services; the peering that is left keeps the network.
test('the peering goes between the database, which needs it, and the network, which it keeps', async (t) => {
  const env = { ENVIRONMENT: 'staging' };
  const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n');
  assert.equal(code, 0, output);
  const steps = [
    / destroy .*-target=module\.platform\.google_service_networking_connection\.managed_services$/,
    /^gcloud compute networks peerings delete servicenetworking-googleapis-com --network=mlp-staging --project=staging-1/,
    / destroy .*-input=false$/,
  ];
  const order = steps.map((step) => calls.findIndex((call) => step.test(call)));
  assert.ok(order[0] >= 0, calls.join('\n'));
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  // So the first of them takes the database along.
  const [instance] = read('terraform/modules/platform/database.tf').match(
    /^resource "google_sql_database_instance" [^]*?^}/m,
  );
  assert.match(instance, /depends_on = \[google_service_networking_connection\.managed_services\]/);
});

test('a peering that is gone already is no reason to stop', async (t) => {
  const programs = {
    ...PROGRAMS,
    terraform: terraform(WHOLE.slice(0, 3)),
    gcloud: gcloud('other'),
  };
  const env = { ENVIRONMENT: 'staging' };
  const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n', programs);
  assert.equal(code, 0, output);
  assert.ok(!calls.some((call) => /peerings delete| destroy .*-target/.test(call)));
});

for (const [what, command] of [
  ['peerings that cannot be listed', 'peerings list'],
  ['a peering that does not go', 'peerings delete'],
]) {
  test(`${what} end it before the network is tried`, async (t) => {
    const body = `[[ "$*" != *'${command}'* ]] || exit 1\n${gcloud(PEERING)}`;
    const programs = { ...PROGRAMS, gcloud: body };
    const env = { ENVIRONMENT: 'staging' };
    const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n', programs);
    assert.equal(code, 1);
    assert.match(output, /peering of the network mlp-staging[^]*run this again/);
    assert.ok(!calls.some((call) => / destroy .*-input=false$/.test(call)));
  });
}

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

test('the protection is lifted before anything is destroyed', async (t) => {
  const { calls } = await run(t, 'cloud-down.sh', { ENVIRONMENT: 'staging' }, 'staging-1\n');
  const [apply, ...more] = calls.filter((call) => call.includes(' apply '));
  assert.match(
    apply,
    /deletion_protection=false .*-target=\S+cluster\.this -target=\S+instance\.this$/,
  );
  assert.deepEqual(more, []);
  assert.ok(calls.indexOf(apply) < calls.findIndex((call) => call.includes(' destroy ')));
});

for (const [what, resources, protection] of [
  ['only a network is left', WHOLE.slice(0, 3), []],
  [
    'only the database is left of what is protected',
    WHOLE.filter((name) => !name.includes('cluster')),
    ['module.platform.google_sql_database_instance.this'],
  ],
]) {
  test(`a second run makes nothing anew: ${what}`, async (t) => {
    const programs = { ...PROGRAMS, terraform: terraform(resources) };
    const env = { ENVIRONMENT: 'staging' };
    const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n', programs);
    assert.equal(code, 0, output);
    const applied = calls.filter((call) => call.includes(' apply '));
    assert.deepEqual(
      applied.flatMap((call) => [...call.matchAll(/-target=(\S+)/g)].map(([, name]) => name)),
      protection,
    );
    assert.equal(applied.length, protection.length);
    // Where there is no cluster, there is nobody to ask for its load balancers.
    assert.ok(!calls.some((call) => /kubectl|get-credentials/.test(call)));
    assert.ok(calls.some((call) => call.includes('staging destroy')));
  });
}

for (const [what, body] of [
  ['was removed before', terraform(WHOLE.slice(0, 2))],
  [
    'was never made',
    `[[ "$*" != *'state list' ]] || { echo 'No state file was found!' >&2; exit 1; }`,
  ],
]) {
  // What bootstrap made is gone too, perhaps: nothing of it could be looked up.
  test(`an environment that ${what} is passed over`, async (t) => {
    const programs = { ...PROGRAMS, terraform: body };
    const env = { ENVIRONMENT: 'staging' };
    const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n', programs);
    assert.equal(code, 0, output);
    assert.match(output, /staging: nothing is left/);
    assert.ok(!calls.some((call) => / (apply|destroy) |kubectl/.test(call)));
  });
}

for (const [what, programs, message] of [
  [
    'a cluster that cannot be reached',
    { gcloud: '[[ "$*" != *get-credentials* ]]' },
    /cluster mlp-staging cannot be reached[^]*gcloud auth login/,
  ],
  [
    'a state that cannot be read',
    { terraform: `[[ "$*" != *'state list' ]] || { echo 'no permission' >&2; exit 1; }` },
    /state of environments\/staging cannot be read[^]*no permission/,
  ],
]) {
  test(`${what} ends it before anything changes`, async (t) => {
    const env = { ENVIRONMENT: 'staging' };
    const all = { ...PROGRAMS, ...programs };
    const { code, output, calls } = await run(t, 'cloud-down.sh', env, 'staging-1\n', all);
    assert.equal(code, 1);
    assert.match(output, message);
    assert.ok(!calls.some((call) => / (apply|destroy|delete) /.test(call)));
  });
}

const STAGING_ONLY = Object.fromEntries(
  Object.entries(SETTINGS).filter(([name]) => !name.includes('production')),
);

/** A gcloud that answers to `objects describe` with this error. */
const describeFails = (error) => ({
  ...PROGRAMS,
  gcloud: `[[ "$*" != *'objects describe'* ]] || { echo 'ERROR: (gcloud.storage.objects.describe) ${error}' >&2; exit 1; }`,
});

test('everything can be removed where production was never set up', async (t) => {
  const programs = describeFails(
    'gs://shared-1-mlp-state/production/default.tfstate not found: 404.',
  );
  const words = 'staging-1\nshared-1\n';
  const { code, output, calls } = await run(t, 'cloud-down.sh', {}, words, programs, STAGING_ONLY);
  assert.equal(code, 0, output);
  assert.match(output, /production is left out: there is no \S+production\/terraform\.tfvars/);
  assert.ok(!calls.some((call) => call.includes('environments/production')));
  assert.match(calls.at(-1), /^gcloud storage rm --recursive/);
});

test('a production whose settings got lost is not forgotten with its state', async (t) => {
  const words = 'staging-1\nshared-1\n';
  const { code, output, calls } = await run(t, 'cloud-down.sh', {}, words, PROGRAMS, STAGING_ONLY);
  assert.equal(code, 1);
  assert.match(output, /production has a state but no settings/);
  assert.ok(!calls.some((call) => /terraform|storage rm/.test(call)));
});

for (const [script, words] of [
  ['cloud-up.sh', ''],
  ['cloud-down.sh', 'staging-1\n'],
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

test('no answer about a state is not taken for none', async (t) => {
  const programs = describeFails('There was a problem refreshing your current auth tokens');
  const words = 'staging-1\nshared-1\n';
  const { code, output, calls } = await run(t, 'cloud-down.sh', {}, words, programs, STAGING_ONLY);
  assert.equal(code, 1);
  assert.match(output, /whether production has a state: nothing was removed[^]*auth tokens/);
  assert.ok(!calls.some((call) => /terraform|storage rm/.test(call)));
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

// Terraform enables services itself, but asks the first of these while it plans: on a new project, before it can.
for (const [what, gcloud] of [
  ['a new project', '[[ "$*" != *"buckets describe"* ]]'],
  ['a project with a bucket, after a first try that failed', ''],
]) {
  test(`${what}: what the first plan asks is enabled before it`, async (t) => {
    const programs = { ...PROGRAMS, gcloud };
    const { code, calls } = await run(t, 'cloud-up.sh', { ENVIRONMENT: 'staging' }, '', programs);
    assert.equal(code, 0);
    const enabling = calls.findIndex((call) => call.startsWith('gcloud services enable'));
    assert.ok(enabling >= 0, calls.join('\n'));
    assert.ok(enabling < calls.findIndex((call) => call.includes('buckets create')) || !gcloud);
    assert.ok(enabling < calls.findIndex((call) => call.includes('bootstrap apply')));
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
    assert.match(output, /Dry run: nothing was changed/);
    assert.doesNotMatch(output, /is removed|Done/);
  });
}

test('without the program that signs kubectl in nothing is asked, and nothing begins', async (t) => {
  const programs = Object.fromEntries(Object.entries(PROGRAMS).slice(0, -1));
  // A PATH without those of this machine, which may have it.
  const box = await sandbox(t, { programs, files: SETTINGS });
  for (const name of ['bash', 'dirname', 'sed', 'head', 'mktemp', 'rm']) {
    await symlink(
      execFileSync('which', [name], { encoding: 'utf8' }).trim(),
      box.path(`bin/${name}`),
    );
  }
  const env = { ENVIRONMENT: 'staging', PATH: box.path('bin') };
  const { code, output } = await box.run('scripts/cloud-down.sh', [], {
    env,
    input: 'staging-1\n',
  });
  assert.equal(code, 1);
  assert.match(output, /gke-gcloud-auth-plugin is not installed\n *gcloud components install/);
  assert.deepEqual(await box.calls(), ['']);
});

test('staging and production that take different settings do not pass the check', async (t) => {
  const root = 'infrastructure/terraform/environments';
  const files = {
    [`${root}/staging/variables.tf`]: 'variable "domain" {}\n',
    [`${root}/staging/outputs.tf`]: '',
    [`${root}/production/variables.tf`]: 'variable "domain" {}\nvariable "more" {}\n',
    [`${root}/production/outputs.tf`]: '',
  };
  const box = await sandbox(t, { programs: PROGRAMS, files });
  execFileSync('git', ['init', '--quiet'], { cwd: box.path('.') });
  const { code, output } = await box.run('scripts/cloud-check.sh');
  assert.equal(code, 1);
  assert.match(output, /\+variable "more" \{\}/);
});

test('the number that makes a new password can be set in both environments', () => {
  for (const environment of ['staging', 'production']) {
    const root = `terraform/environments/${environment}`;
    assert.match(read(`${root}/variables.tf`), /^variable "database_password_version" /m);
    assert.match(read(`${root}/main.tf`), / = var\.database_password_version$/m);
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

test('an environment that does not exist is refused', async (t) => {
  const { code, calls } = await run(t, 'cloud-up.sh', { ENVIRONMENT: 'test' });
  assert.equal(code, 1);
  assert.deepEqual(calls, ['']);
});

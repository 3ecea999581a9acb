/**
 * What removes a cloud: nothing without the right words, everything in the right order, and nothing half.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { test } from 'node:test';

import { PEERING, PROGRAMS, SETTINGS, WHOLE, gcloud, read, run, terraform } from './cloud.mjs';
import { sandbox } from './sandbox.mjs';

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

test('no answer about a state is not taken for none', async (t) => {
  const programs = describeFails('There was a problem refreshing your current auth tokens');
  const words = 'staging-1\nshared-1\n';
  const { code, output, calls } = await run(t, 'cloud-down.sh', {}, words, programs, STAGING_ONLY);
  assert.equal(code, 1);
  assert.match(output, /whether production has a state: nothing was removed[^]*auth tokens/);
  assert.ok(!calls.some((call) => /terraform|storage rm/.test(call)));
});

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

/**
 * What removes a cloud: nothing without the right words, everything in the right order, and nothing half.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { test } from 'node:test';

import { assertOrder, assertRefused } from '../ci/sandbox.mjs';
import {
  PEERING,
  PROGRAMS,
  SETTINGS,
  WHOLE,
  cloud,
  gcloud,
  read,
  run,
  stackOf,
  terraform,
} from './cloud.mjs';

/** Removes staging, which is confirmed, with some programs that are not as usual. */
const staging = (t, programs = {}) =>
  run(t, 'down.sh', { ENVIRONMENT: 'staging' }, 'staging-1\n', { ...PROGRAMS, ...programs });
const all = (t, words, ...more) => run(t, 'down.sh', {}, words, ...more);

/** No call is of these. */
const assertNone = (calls, pattern) =>
  assert.deepEqual(
    calls.filter((call) => pattern.test(call)),
    [],
  );
const CHANGES = / (apply|destroy|delete) /;

test('removing everything asks for each project by name, then goes from the outside in', async (t) => {
  const { code, output, calls } = await all(t, 'staging-1\nproduction-1\nshared-1\n');
  assert.equal(code, 0, output);
  const destroyed = calls.filter((call) => / destroy .*-input=false$/.test(call)).map(stackOf);
  assert.deepEqual(destroyed, ['staging', 'production', 'bootstrap']);
  // The states go last: without them nothing could be removed any more.
  assert.match(calls.at(-1), /^gcloud storage rm --recursive gs:\/\/shared-1-mlp-state$/);
  assert.match(output, /gcloud projects delete production-1/);
});

test('removing staging: what the cluster made goes first, then its protection, its database, the peering, the network', async (t) => {
  const { code, output, calls } = await staging(t);
  assert.equal(code, 0, output);
  assertOrder(
    calls,
    /^kubectl delete services/,
    /^kubectl delete statefulsets/,
    /^kubectl delete persistentvolumeclaims/,
    /^kubectl wait/,
    / apply .*deletion_protection=false .*-target=\S+cluster\.this -target=\S+instance\.this$/,
    / destroy .*-target=module\.platform\.google_service_networking_connection\.managed_services$/,
    // Terraform abandons the connection to Google's managed services; the peering that is left keeps the network.
    /^gcloud compute networks peerings delete servicenetworking-googleapis-com --network=mlp-staging --project=staging-1/,
    / destroy .*-input=false$/,
  );
  assert.equal(calls.filter((call) => call.includes(' apply ')).length, 1);
  // Production, and what both share, stay.
  assertNone(calls, /production|bootstrap (init|destroy)|storage rm/);
  // The first to be destroyed takes the database along.
  const [instance] = read('terraform/modules/platform/database.tf').match(
    /^resource "google_sql_database_instance" [^]*?^}/m,
  );
  assert.match(instance, /depends_on = \[google_service_networking_connection\.managed_services\]/);
});

const noState = (error) => ({
  terraform: `[[ "$*" != *'state list' ]] || { echo '${error}' >&2; exit 1; }`,
});
const kubectl = (fails) => ({ kubectl: `[[ "$*" != *'${fails}'* ]]` });
const peerings = (fails) => ({
  gcloud: `[[ "$*" != *'peerings ${fails}'* ]] || exit 1\n${gcloud(PEERING)}`,
});
const KEEPS_CLUSTER = / (apply|destroy) /;
const KEEPS_NETWORK = / destroy .*-input=false$/;
for (const [what, programs, message, never] of [
  ['a gateway', kubectl('delete gateways'), /a load balancer[^]*mlp-staging[^]*get gateways/],
  ['a service', kubectl('delete services'), /a load balancer[^]*mlp-staging[^]*get services/],
  ['a database', kubectl('delete statefulsets'), /mlp-staging[^]*get statefulsets/],
  ['a claim', kubectl('delete persistentvolumeclaims'), /still uses a disk[^]*describe/],
  ['a volume', kubectl('wait persistentvolumes'), /disks are left[^]*mlp-staging[^]*again/],
  ['a peering', peerings('delete'), /peering of the network mlp-staging[^]*again/, KEEPS_NETWORK],
  [
    'a list of peerings',
    peerings('list'),
    /peering of the network mlp-staging[^]*run this again/,
    KEEPS_NETWORK,
  ],
  [
    'a way into the cluster',
    { gcloud: '[[ "$*" != *get-credentials* ]]' },
    /cluster mlp-staging cannot be reached[^]*gcloud auth login/,
    CHANGES,
  ],
  [
    'a state',
    noState('no permission'),
    /state of staging cannot be read[^]*no permission/,
    CHANGES,
  ],
]) {
  test(`${what} that cannot be had or removed ends it, with what to do`, async (t) => {
    const result = await staging(t, programs);
    assertRefused(result, message);
    assertNone(result.calls, never ?? KEEPS_CLUSTER);
  });
}

test('a peering that is gone already is no reason to stop', async (t) => {
  const programs = { terraform: terraform(WHOLE.slice(0, 3)), gcloud: gcloud('other') };
  const { code, output, calls } = await staging(t, programs);
  assert.equal(code, 0, output);
  assertNone(calls, /peerings delete| destroy .*-target/);
});

for (const [what, words] of [
  ['no answer', ''],
  ['"yes"', 'yes\nyes\nyes\n'],
  ['the second project missing', 'staging-1\n'],
  ['the third one wrong', 'staging-1\nproduction-1\nproduction-1\n'],
]) {
  test(`nothing is removed after ${what}`, async (t) => {
    const { code, calls } = await all(t, words);
    assert.equal(code, 1);
    assert.deepEqual(calls, ['']);
  });
}

for (const [what, resources, protection] of [
  ['only a network is left', WHOLE.slice(0, 3), []],
  [
    'only the database is left of what is protected',
    WHOLE.filter((name) => !name.includes('cluster')),
    ['module.platform.google_sql_database_instance.this'],
  ],
]) {
  test(`a second run creates nothing again: ${what}`, async (t) => {
    const { code, output, calls } = await staging(t, { terraform: terraform(resources) });
    assert.equal(code, 0, output);
    const applied = calls.filter((call) => call.includes(' apply '));
    const targets = [...applied.join(' ').matchAll(/-target=(\S+)/g)].map(([, name]) => name);
    assert.deepEqual(targets, protection);
    assert.equal(applied.length, protection.length);
    // Without a cluster there are no load balancers to look for.
    assertNone(calls, /kubectl|get-credentials/);
    assert.ok(calls.some((call) => / destroy .*-var-file=staging\./.test(call)));
  });
}

for (const [what, programs] of [
  ['was removed before', { terraform: terraform(WHOLE.slice(0, 2)) }],
  ['was never made', noState('No state file was found!')],
]) {
  test(`an environment that ${what} is passed over`, async (t) => {
    const { code, output, calls } = await staging(t, programs);
    assert.equal(code, 0, output);
    assert.match(output, /staging: nothing is left/);
    assertNone(calls, / (apply|destroy) |kubectl/);
  });
}

// --- Without the settings of production -----------------------------------------------------------
const STAGING_ONLY = Object.fromEntries(
  Object.entries(SETTINGS).filter(([name]) => !name.includes('production')),
);
const describeFails = (error) => ({
  ...PROGRAMS,
  gcloud: `[[ "$*" != *'objects describe'* ]] || { echo 'ERROR: (gcloud.storage.objects.describe) ${error}' >&2; exit 1; }`,
});

test('everything can be removed where production was never set up', async (t) => {
  const programs = describeFails(
    'gs://shared-1-mlp-state/production/default.tfstate not found: 404.',
  );
  const result = await all(t, 'staging-1\nshared-1\n', programs, STAGING_ONLY);
  assert.equal(result.code, 0, result.output);
  assert.match(result.output, /production is left out: there is no \S+\.tfvars/);
  assertNone(result.calls, /production\.|prefix=production/);
  assert.match(result.calls.at(-1), /^gcloud storage rm --recursive/);
});

for (const [what, programs, message] of [
  ['whose settings got lost', PROGRAMS, /production has a state but no settings/],
  [
    'whose state cannot be asked for',
    describeFails('There was a problem refreshing your current auth tokens'),
    /whether production has a state: nothing was removed[^]*auth tokens/,
  ],
]) {
  test(`a production ${what} is not forgotten with its state`, async (t) => {
    const result = await all(t, 'staging-1\nshared-1\n', programs, STAGING_ONLY);
    assertRefused(result, message);
    assertNone(result.calls, /terraform|storage rm/);
  });
}

test('without the program that signs kubectl in nothing is asked, and nothing begins', async (t) => {
  const programs = Object.fromEntries(Object.entries(PROGRAMS).slice(0, -1));
  // A PATH without those of this machine, which may have it.
  const box = await cloud(t, programs);
  for (const name of ['bash', 'dirname', 'sed', 'head', 'mktemp', 'rm']) {
    const path = execFileSync('which', [name], { encoding: 'utf8' }).trim();
    await symlink(path, box.path(`bin/${name}`));
  }
  const env = { ENVIRONMENT: 'staging', PATH: box.path('bin') };
  const result = await box.run('infrastructure/terraform/down.sh', [], {
    env,
    input: 'staging-1\n',
  });
  assertRefused(result, /gke-gcloud-auth-plugin is not installed\n *gcloud components install/);
  assert.deepEqual(await box.calls(), ['']);
});

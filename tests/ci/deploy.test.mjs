/**
 * A deployment: the order of its steps, what it makes of the images and facts that it is given, and what it refuses before
 * it changes anything.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALL, GATE, OBJECTS, deploy } from './deployment.mjs';
import { assertRefused, imagesFile } from './sandbox.mjs';

const OVERLAY = 'infrastructure/kubernetes/overlays/staging';

test('the schema is migrated before anything of the new release runs', async (t) => {
  const { code, output, steps, calls } = await deploy(t, 'staging');
  assert.equal(code, 0, output);
  assert.deepEqual(steps, ALL);
  for (const call of calls.filter((call) => / (apply|delete|diff) /.test(call))) {
    assert.match(call, /--context=gke_p_us-central1_mlp --namespace=mlp-staging/);
  }
});

test('images can be named one by one', async (t) => {
  const image = (name) => `registry.test/${name}@sha256:${'c'.repeat(64)}`;
  const env = { API_IMAGE: image('a'), DASH_IMAGE: image('d'), REACT_IMAGE: image('r') };
  const { code, output, box } = await deploy(t, 'staging', { IMAGES_FILE: '', ...env });
  assert.equal(code, 0, output);
  const images = `mlp/api=${image('a')}\nmlp/dash-app=${image('d')}\nmlp/react-app=${image('r')}\n`;
  assert.equal(await box.read('run/deploy/staging/images'), images);
});

test('images and facts get into a copy, the last image of a list whether its line ends or not', async (t) => {
  const images = imagesFile('b').trimEnd();
  const { code, output, box } = await deploy(t, 'staging', {}, { images });
  assert.equal(code, 0, output);
  const rendered = await box.read(`rendered/${OVERLAY}/kustomization.yaml`);
  assert.match(rendered, /name: mlp\/api, newName: registry\.test\/mlp-api, digest: sha256:b{64} /);
  assert.match(rendered, /name: mlp\/react-app, newName: .*, digest: sha256:b{64} /);
  assert.match(await box.read(`rendered/${OVERLAY}/cloud/cloud.env`), /^GCP_PROJECT=p$/m);
  // The tree stays as it is committed.
  assert.equal(await box.read(`${OVERLAY}/kustomization.yaml`), 'namespace: mlp\n');
  // Prometheus' rules become objects of Managed Prometheus, unchanged.
  const component = 'rendered/infrastructure/kubernetes/components/managed-prometheus';
  const kustomization = await box.read(`${component}/kustomization.yaml`);
  assert.match(kustomization, /\nresources:\n {2}- rules\.yaml\n/);
  const head = '---\napiVersion: monitoring.googleapis.com/v1\nkind: Rules\n';
  const object = (name, group) =>
    `${head}metadata: { name: ${name} }\nspec:\n  groups:\n    - name: ${group}\n`;
  const rules = object('rules-red', 'red') + object('alerts-red', 'alerts');
  assert.equal(await box.read(`${component}/rules.yaml`), rules);
});

test('a migration that fails leaves the running release alone', async (t) => {
  const { code, output, steps } = await deploy(t, 'staging', { MIGRATION: 'Failed' });
  assert.equal(code, 1);
  assert.deepEqual(steps, GATE);
  assert.match(output, /the migration failed[^]*back: BACK=1 scripts\/deploy\.sh staging/);
});

test('PostgreSQL in the cluster: passwords are made once, and not shown', async (t) => {
  const objects = `${OBJECTS}---\napiVersion: apps/v1\nkind: StatefulSet\n`;
  const env = { BASE_URL: 'http://192.0.2.1' };
  const { code, output, box, calls } = await deploy(t, 'staging-lite', env, { objects });
  assert.equal(code, 0, output);
  const secrets = await box.read('created');
  const [database, ...others] = [...secrets.matchAll(/_PASSWORD: '([0-9a-f]{48})'\n/g)].map(
    ([, password]) => password,
  );
  assert.match(secrets, /metadata: \{ name: database \}[^]*metadata: \{ name: postgres \}/);
  assert.equal(new Set([database, ...others]).size, 3, 'one for each role');
  const url = `DATABASE_URL: postgresql://mlp_user:${database}@postgres:5432/mlp_db\n`;
  assert.ok(secrets.includes(url));
  for (const password of [database, ...others]) {
    assert.equal((output + calls.join('\n')).includes(password), false);
  }
});

test('a monitoring that does not come up is waited for, and no reason to take a release back', async (t) => {
  const labels = 'metadata:\n  labels:\n    app.kubernetes.io/component: monitoring\n';
  const volume = 'spec:\n  volumes:\n    - secret:\n        secretName: grafana\n';
  const objects = `${OBJECTS}---\napiVersion: apps/v1\nkind: Deployment\n${labels}${volume}`;
  const env = { FAIL: 'rollout status deployment --selector=.*=monitoring ', ROLLBACK: '1' };
  const { code, output, steps, box } = await deploy(t, 'staging', env, { objects });
  assert.equal(code, 0, output);
  assert.match(output, /the monitoring is not up yet: kubectl .* get pods/);
  assert.deepEqual(steps, ALL);
  assert.match(await box.read('created'), /name: grafana [^]* {2}password: '[0-9a-f]{24}'\n/);
});

// --- Refused -----------------------------------------------------------------------------------
const UNPINNED = `${OBJECTS}---\nkind: Pod\nspec: { containers: [\n  image: mlp/api ] }\n`;
for (const [what, env, message, environment = 'staging', options = {}] of [
  [
    'a domain that is an address',
    { DOMAIN: '203.0.113.10' },
    /needs a domain.*\n.*`domain` in infrastructure\/terraform\/\S+\.tfvars[^]*staging-lite/,
  ],
  ['facts that are missing', { GCP_PROJECT: '' }, /GCP_PROJECT=your-project/],
  ['a missing context', { GKE_CLUSTER: 'other' }, /get-credentials other --dns-endpoint/],
  ['no right to deploy', { FAIL: 'auth can-i' }, /no right to deploy to mlp-staging/],
  [
    'a cluster without a type',
    { ROUTES: '' },
    /not know: gateway\.networking\.k8s\.io\/v1 HTTPRoute/,
  ],
  [
    'a cluster without a type that Traefik watches',
    { WATCHED: 'TLSRoute ReferenceGrant' },
    /not know: gateway\S+\/v1 GRPCRoute, gateway\S+\/v1 BackendTLSPolicy\n/,
  ],
  [
    'a cluster that does not say what runs',
    { FAIL: 'get configmap' },
    /what runs: nothing was changed/,
  ],
  ['a canary elsewhere', { CANARY: '1' }, /only production has a canary/],
  ['no images', { IMAGES_FILE: '' }, /which images\?/],
  ['a folder of images', { IMAGES_FILE: '.' }, /no such list of images: \./],
  [
    'an image of ours that is rendered without a digest',
    {},
    /an image without a digest/,
    'staging',
    { objects: UNPINNED },
  ],
  [
    'a program to sign in with that is not there',
    { PLUGIN: 'no-auth-plugin' },
    /signs in by no-auth-plugin, which is not installed\n.*components install no-auth-plugin/,
  ],
  ['nobody to ask', { ASSUME_YES: '' }, /nobody is there to ask/, 'production'],
]) {
  test(`refused before anything changes, with what to do: ${what}`, async (t) => {
    const result = await deploy(t, environment, env, options);
    assertRefused(result, message);
    // Comparing changes nothing.
    assert.deepEqual(
      result.steps.filter((step) => step !== 'diff'),
      [],
    );
  });
}

test('DRY_RUN=1 shows the steps, of some images too, and asks the cluster nothing', async (t) => {
  const env = { DRY_RUN: '1', CANARY: '1', GCP_PROJECT: '', ASSUME_YES: '', IMAGES_FILE: '' };
  const { code, output, calls } = await deploy(t, 'production', env);
  assert.equal(code, 0, output);
  assert.deepEqual(
    calls.filter((call) => !call.startsWith('kubectl kustomize')),
    [],
  );
  assert.match(output, /images that do not exist/);
  assert.match(output, /\n {2}mlp\/api=registry\.example\/mlp\/api@sha256:0{64}\n/);
  // As it can be typed: for this cluster and no other.
  assert.match(
    output,
    /\n\+ kubectl --context=gke_\S+_mlp --namespace=mlp-production delete job\/migrate /,
  );
  assert.match(output, /would check kubectl[^]*would ask to type "production"/);
  assert.match(output, /\n✓ Dry run: nothing was changed\n/);
});

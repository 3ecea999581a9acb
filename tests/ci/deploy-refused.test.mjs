/**
 * What a deployment refuses before it changes anything, and what it shows without changing anything.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { OBJECTS, deploy } from './deployment.mjs';

test('a cluster that does not say what runs is left as it is', async (t) => {
  const { code, output, steps } = await deploy(t, 'staging', { FAIL: 'get configmap' });
  assert.equal(code, 1);
  assert.match(output, /cannot ask the cluster what runs: nothing was changed/);
  assert.deepEqual(steps, ['diff']);
});

test('a type that Traefik watches, and the cluster lacks, is named before anything happens', async (t) => {
  const { code, output, steps } = await deploy(t, 'staging', {
    WATCHED: 'TLSRoute ReferenceGrant',
  });
  assert.equal(code, 1);
  assert.match(
    output,
    /does not know: gateway\.networking\.k8s\.io\/v1 GRPCRoute, gateway\.networking\.k8s\.io\/v1 BackendTLSPolicy\n/,
  );
  assert.deepEqual(steps, []);
});

for (const [what, environment, env, message] of [
  [
    'a domain that is an address',
    'staging',
    { DOMAIN: '203.0.113.10' },
    /needs a domain.*\n.*`domain` in infrastructure\/terraform\/environments\/staging\/terraform\.tfvars[^]*staging-lite/,
  ],
  ['facts that are missing', 'staging', { GCP_PROJECT: '' }, /GCP_PROJECT=your-project/],
  [
    'a context that is not there',
    'staging',
    { GKE_CLUSTER: 'other' },
    /get-credentials other --dns-endpoint/,
  ],
  ['no right to deploy', 'staging', { FAIL: 'auth can-i' }, /no right to deploy to mlp-staging/],
  [
    'a cluster without a type',
    'staging',
    { ROUTES: '' },
    /does not know: gateway\.networking\.k8s\.io\/v1 HTTPRoute/,
  ],
  ['a canary elsewhere', 'staging', { CANARY: '1' }, /only production has a canary/],
  ['no images', 'staging', { IMAGES_FILE: '' }, /which images\?/],
  ['a folder of images', 'staging', { IMAGES_FILE: '.' }, /no such list of images: \./],
  [
    'a program to sign in with that is not there',
    'staging',
    { PLUGIN: 'no-auth-plugin' },
    /signs in by no-auth-plugin, which is not installed\n.*components install no-auth-plugin/,
  ],
  ['nobody to ask', 'production', { ASSUME_YES: '' }, /nobody is there to ask/],
]) {
  test(`refused, with what to do: ${what}`, async (t) => {
    const { code, output, steps } = await deploy(t, environment, env);
    assert.equal(code, 1);
    assert.match(output, message);
    assert.equal(
      steps.some((step) => step !== 'diff'),
      false,
      steps.join(', '),
    );
  });
}

test('DRY_RUN=1 shows the steps and asks the cluster nothing', async (t) => {
  const env = { DRY_RUN: '1', CANARY: '1', GCP_PROJECT: '', ASSUME_YES: '' };
  const { code, output, calls } = await deploy(t, 'production', env);
  assert.equal(code, 0, output);
  assert.deepEqual(
    calls.filter((call) => !call.startsWith('kubectl kustomize')),
    [],
  );
  // As it can be typed: for this cluster and no other.
  assert.match(
    output,
    /\n\+ kubectl --context=gke_\S+_mlp --namespace=mlp-production delete job\/migrate /,
  );
  assert.match(output, /would check kubectl/);
  assert.match(output, /would ask to type "production"/);
  assert.match(output, /\n✓ Dry run: nothing was changed\n/);
});

test('DRY_RUN=1 needs no images: it shows what would happen to some', async (t) => {
  const { code, output } = await deploy(t, 'staging', { DRY_RUN: '1', IMAGES_FILE: '' });
  assert.equal(code, 0, output);
  assert.match(output, /images that do not exist/);
  assert.match(output, /\n {2}mlp\/api=registry\.example\/mlp\/api@sha256:0{64}\n/);
});

test('an image of ours that is rendered without a digest is refused', async (t) => {
  const objects = `${OBJECTS}---\nkind: Pod\nspec: { containers: [\n  image: mlp/api ] }\n`;
  const { code, output, steps } = await deploy(t, 'staging', {}, { objects });
  assert.equal(code, 1);
  assert.match(output, /an image without a digest/);
  assert.deepEqual(steps, []);
});

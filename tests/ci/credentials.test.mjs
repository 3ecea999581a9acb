/**
 * The pipeline's way into a cluster: by a program that renews its token, since a release may take longer than one lives.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';

const CLUSTER = { GCP_PROJECT: 'p', GKE_LOCATION: 'us-central1', GKE_CLUSTER: 'mlp-staging' };

async function credentials(t, env) {
  const kubectl =
    'case "$*" in *user*) echo "$USER_OF_KUBECTL" ;; *) echo gke_p_us-central1_mlp-staging ;; esac';
  const box = await sandbox(t, { programs: { gcloud: '', kubectl, 'gke-gcloud-auth-plugin': '' } });
  const result = await box.run('scripts/ci/cluster-credentials.sh', [], { env });
  return { ...result, calls: await box.calls() };
}

test('kubectl asks the plugin, at the DNS endpoint of the cluster', async (t) => {
  const env = { ...CLUSTER, USER_OF_KUBECTL: 'gke-gcloud-auth-plugin' };
  const { code, output, calls } = await credentials(t, env);
  assert.equal(code, 0, output);
  assert.equal(
    calls[0],
    'gcloud container clusters get-credentials mlp-staging --project=p --location=us-central1 --dns-endpoint',
  );
});

for (const [what, env, message] of [
  ['a token is written all the same', { ...CLUSTER, USER_OF_KUBECTL: '' }, /but: nobody/],
  ['a fact is missing', { ...CLUSTER, GKE_LOCATION: '' }, /GKE_LOCATION is not set/],
]) {
  test(`it fails, and says why, where ${what}`, async (t) => {
    const { code, output } = await credentials(t, env);
    assert.equal(code, 1);
    assert.match(output, message);
  });
}

test('no token from the start of a job is used at its end', async () => {
  const read = (name) => readFile(join(import.meta.dirname, '../../.github', name), 'utf8');
  const google = await read('actions/google/action.yml');
  assert.match(google, /version: \d+\.\d+\.\d+ [^]*install_components: gke-gcloud-auth-plugin\n/);
  assert.match(google, /run: scripts\/ci\/cluster-credentials\.sh\n/);
  assert.doesNotMatch(google, /get-gke-credentials|^outputs:/m);
  // scripts/slo-watch.py asks for one before each watch, unless it is given one.
  const production = await read('workflows/cd-production.yml');
  assert.match(production, /PROMETHEUS_URL: https:\/\/monitoring\.googleapis\.com\//);
  assert.doesNotMatch(production, /PROMETHEUS_TOKEN:/);
});

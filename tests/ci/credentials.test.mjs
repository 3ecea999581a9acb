/**
 * The pipeline's way into a cluster: by a program that renews its token, since a release may take longer than one lives.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertRefused, play } from './sandbox.mjs';

const CLUSTER = { GCP_PROJECT: 'p', GKE_LOCATION: 'us-central1', GKE_CLUSTER: 'mlp-staging' };
const KUBECTL =
  'case "$*" in *user*) echo "$USER_OF_KUBECTL" ;; *) echo gke_p_us-central1_mlp-staging ;; esac';

for (const [what, env, refused] of [
  ['kubectl asks the plugin, at the DNS endpoint of the cluster', {}],
  ['fails where a token is written all the same', { USER_OF_KUBECTL: '' }, /but: nobody/],
  ['fails where a fact is missing', { GKE_LOCATION: '' }, /GKE_LOCATION is not set/],
]) {
  test(`cluster-credentials.sh: ${what}`, async (t) => {
    const programs = { gcloud: '', kubectl: KUBECTL, 'gke-gcloud-auth-plugin': '' };
    const all = { ...CLUSTER, USER_OF_KUBECTL: 'gke-gcloud-auth-plugin', ...env };
    const result = await play(t, 'ci/cluster-credentials.sh', [], { programs, env: all });
    if (refused) {
      assertRefused(result, refused);
      return;
    }
    assert.equal(result.code, 0, result.output);
    assert.equal(
      result.calls[0],
      'gcloud container clusters get-credentials mlp-staging --project=p --location=us-central1 --dns-endpoint',
    );
  });
}

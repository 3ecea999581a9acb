/**
 * The cluster on this machine: what it needs, and that a changed image is a new release.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertRefused, sandbox } from './sandbox.mjs';

const DOCKER = `
case "$*" in
  'info --format '*) echo "\${CPUS:-2} \${MEMORY:-4109694976}" ;;
  info) exit "\${NO_ENGINE:-0}" ;;
  'image inspect'*) [[ -z \${NO_IMAGES:-} ]] && echo "sha256:\${CONTENT:-1}23456789abcdef" ;;
esac`;
const KIND = '[[ $1 != get ]] || echo "${CLUSTERS:-}"';

/** Runs it, and notes what it `made` besides asking. */
async function local(t, action, env = {}) {
  const box = await sandbox(t, { programs: { docker: DOCKER, kind: KIND, kubectl: '' } });
  // The types of objects come from a registry, and deploying has tests of its own.
  const types = 'K8S_DIR=k8s K8S_TOOLS=tools IMAGES=(mlp/api)\nensure_crds() { :; }\n';
  await box.write('scripts/lib/kubernetes.sh', types);
  const deploys = '#!/bin/bash\necho "deploy $1 $(<"$IMAGES_FILE")" >>"$CALLS"\n';
  await box.write('scripts/deploy.sh', deploys);
  const result = await box.run('scripts/k8s-local.sh', [action], { env });
  const calls = await box.calls();
  return { ...result, made: calls.filter((call) => !/^docker (info|image)|^kind get/.test(call)) };
}

const UP = [
  'docker tag mlp/api:dev mlp/api:123456789abc',
  'kind create cluster --name mlp --config k8s/overlays/local/kind.yaml --wait 180s',
  'kind load docker-image --name mlp mlp/api:123456789abc',
  'kubectl --context=kind-mlp apply --server-side --filename tools/crds/gateway-api',
  'deploy local mlp/api=mlp/api:123456789abc',
];
for (const [what, action, env, made] of [
  ['up: a cluster, the images, the Gateway API, the deployment', 'up', {}, UP],
  [
    'up again: the cluster stays, a changed image has another tag',
    'up',
    { CLUSTERS: 'mlp', CONTENT: '9' },
    [UP[0], UP[2], UP[3], UP[4]].map((call) => call.replaceAll(':123', ':923')),
  ],
  [
    'an engine that does not say what it has is asked for nothing more',
    'up',
    { CPUS: '<no value>', MEMORY: '<no value>' },
    UP,
  ],
  ['down removes the cluster', 'down', { CLUSTERS: 'mlp' }, ['kind delete cluster --name mlp']],
  ['down again has nothing to do', 'down', {}, []],
]) {
  test(what, async (t) => {
    const result = await local(t, action, env);
    assert.equal(result.code, 0, result.output);
    assert.deepEqual(result.made, made);
  });
}

for (const [what, env, message] of [
  ['no engine', { NO_ENGINE: '1' }, /no container engine answers/],
  ['one core', { CPUS: '1' }, /the container engine has 1 CPU; the cluster needs 2/],
  ['2 GB', { MEMORY: '2065698816' }, /engine has 1970 MiB of memory; the cluster needs 4 GB/],
  ['no images', { NO_IMAGES: '1' }, /there is no image mlp\/api:dev.*\n.*make build MODE=docker/],
]) {
  test(`refused, with what to do: ${what}`, async (t) => {
    const result = await local(t, 'up', env);
    assertRefused(result, message);
    assert.deepEqual(result.made, []);
  });
}

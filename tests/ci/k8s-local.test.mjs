/**
 * The cluster on this machine: what it needs, and that a changed image is a new release.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';

const DOCKER = `
case "$*" in
  'info --format '*) echo "\${CPUS:-2} \${MEMORY:-4109694976}" ;;
  info) exit "\${NO_ENGINE:-0}" ;;
  'image inspect'*) [[ -z \${NO_IMAGES:-} ]] && echo "sha256:\${CONTENT:-1}23456789abcdef" ;;
esac`;
const KIND = '[[ $1 != get ]] || echo "${CLUSTERS:-}"';

async function local(t, action, env = {}) {
  const box = await sandbox(t, { programs: { docker: DOCKER, kind: KIND, kubectl: '' } });
  // The types of objects come from a registry, and deploying has tests of its own.
  await box.write(
    'scripts/lib/kubernetes.sh',
    'K8S_DIR=k8s K8S_TOOLS=tools IMAGES=(mlp/api)\nensure_crds() { :; }\n',
  );
  await box.write(
    'scripts/deploy.sh',
    '#!/bin/bash\necho "deploy $1 $(<"$IMAGES_FILE")" >>"$CALLS"\n',
  );
  const result = await box.run('scripts/k8s-local.sh', [action], { env });
  return { ...result, calls: await box.calls() };
}

test('up: a cluster, the images, the Gateway API, the deployment', async (t) => {
  const { code, output, calls } = await local(t, 'up');
  assert.equal(code, 0, output);
  const made = calls.filter((call) => !/^docker (info|image)|^kind get/.test(call));
  assert.deepEqual(made, [
    'docker tag mlp/api:dev mlp/api:123456789abc',
    'kind create cluster --name mlp --config k8s/overlays/local/kind.yaml --wait 180s',
    'kind load docker-image --name mlp mlp/api:123456789abc',
    'kubectl --context=kind-mlp apply --server-side --filename tools/crds/gateway-api',
    'deploy local mlp/api=mlp/api:123456789abc',
  ]);
});

test('up again: the cluster stays, a changed image has another tag', async (t) => {
  const { calls } = await local(t, 'up', { CLUSTERS: 'mlp', CONTENT: '9' });
  assert.equal(
    calls.some((call) => call.startsWith('kind create')),
    false,
  );
  assert.equal(calls.at(-1), 'deploy local mlp/api=mlp/api:923456789abc');
});

test('an engine that does not say what it has is asked for nothing more', async (t) => {
  const { code, output } = await local(t, 'up', { CPUS: '<no value>', MEMORY: '<no value>' });
  assert.equal(code, 0, output);
});

test('down removes the cluster, and does so once', async (t) => {
  const there = await local(t, 'down', { CLUSTERS: 'mlp' });
  assert.equal(there.calls.at(-1), 'kind delete cluster --name mlp');
  const gone = await local(t, 'down');
  assert.equal(gone.code, 0, gone.output);
  assert.equal(
    gone.calls.some((call) => call.includes('delete')),
    false,
  );
});

for (const [what, env, message] of [
  ['no engine', { NO_ENGINE: '1' }, /no container engine answers/],
  ['one core', { CPUS: '1' }, /the container engine has 1 CPU; the cluster needs 2/],
  [
    '2 GB',
    { MEMORY: '2065698816' },
    /the container engine has 1970 MiB of memory; the cluster needs 4 GB/,
  ],
  ['no images', { NO_IMAGES: '1' }, /there is no image mlp\/api:dev.*\n.*make build MODE=docker/],
]) {
  test(`refused, with what to do: ${what}`, async (t) => {
    const { code, output, calls } = await local(t, 'up', env);
    assert.equal(code, 1);
    assert.match(output, message);
    assert.equal(
      calls.some((call) => call.startsWith('kind create')),
      false,
    );
  });
}

/**
 * A deployment: the order of its steps, and what it makes of the images and facts that it is given.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GATE, OBJECTS, deploy } from './deployment.mjs';
import { imagesFile } from './sandbox.mjs';

test('the schema is migrated before anything of the new release runs', async (t) => {
  const { code, output, steps, calls } = await deploy(t, 'staging');
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [...GATE, 'apply all', 'smoke https://test.example', 'record']);
  for (const call of calls.filter((call) => / (apply|delete|diff) /.test(call))) {
    assert.match(call, /--context=gke_p_us-central1_mlp --namespace=mlp-staging/);
  }
});

test('images can be named one by one', async (t) => {
  const image = (name) => `registry.test/${name}@sha256:${'c'.repeat(64)}`;
  const { code, output, box } = await deploy(t, 'staging', {
    IMAGES_FILE: '',
    API_IMAGE: image('a'),
    DASH_IMAGE: image('d'),
    REACT_IMAGE: image('r'),
  });
  assert.equal(code, 0, output);
  assert.equal(
    await box.read('run/deploy/staging/images'),
    `mlp/api=${image('a')}\nmlp/dash-app=${image('d')}\nmlp/react-app=${image('r')}\n`,
  );
});

test('the last image of a list counts, whether its line ends or not', async (t) => {
  const images = imagesFile('b').trimEnd();
  const { code, output, box } = await deploy(t, 'staging', {}, { images });
  assert.equal(code, 0, output);
  const overlay = 'rendered/infrastructure/kubernetes/overlays/staging/kustomization.yaml';
  assert.match(await box.read(overlay), /name: mlp\/react-app, newName: .*, digest: sha256:b{64} /);
});

test('images and facts get into a copy; the tree stays as it is', async (t) => {
  const { box } = await deploy(t, 'staging');
  const overlay = 'kubernetes/overlays/staging';
  const rendered = await box.read(`rendered/infrastructure/${overlay}/kustomization.yaml`);
  assert.match(rendered, /name: mlp\/api, newName: registry\.test\/mlp-api, digest: sha256:b{64} /);
  const facts = await box.read(`rendered/infrastructure/${overlay}/cloud/cloud.env`);
  assert.match(facts, /^GCP_PROJECT=p$/m);
  assert.equal(await box.read(`infrastructure/${overlay}/kustomization.yaml`), 'namespace: mlp\n');
});

test('a migration that fails leaves the running release alone', async (t) => {
  const { code, output, steps } = await deploy(t, 'staging', { MIGRATION: 'Failed' });
  assert.equal(code, 1);
  assert.deepEqual(steps, GATE);
  assert.match(output, /the migration failed/);
  assert.match(output, /back: BACK=1 scripts\/deploy\.sh staging/);
});

test('PostgreSQL in the cluster: passwords are made once, and not shown', async (t) => {
  const { code, output, box, calls } = await deploy(
    t,
    'staging-lite',
    { BASE_URL: 'http://192.0.2.1' },
    { objects: `${OBJECTS}---\napiVersion: apps/v1\nkind: StatefulSet\n` },
  );
  assert.equal(code, 0, output);
  const secrets = await box.read('created');
  assert.deepEqual(
    [...secrets.matchAll(/metadata: \{ name: (\w+) \}/g)].map(([, name]) => name),
    ['database', 'postgres'],
  );
  const passwords = [...secrets.matchAll(/_PASSWORD: '([0-9a-f]{48})'\n/g)].map(([, it]) => it);
  assert.equal(new Set(passwords).size, 3, 'one for each role');
  assert.ok(
    secrets.includes(`DATABASE_URL: postgresql://mlp_user:${passwords[0]}@postgres:5432/mlp_db\n`),
  );
  for (const password of passwords) {
    assert.equal((output + calls.join('\n')).includes(password), false);
  }
});

const MONITORING = `${OBJECTS}---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app.kubernetes.io/component: monitoring
spec:
  volumes:
    - secret:
        secretName: grafana
`;

test("the monitoring in the cluster: Grafana's password is made, and it is waited for", async (t) => {
  const { code, output, box, calls } = await deploy(t, 'staging', {}, { objects: MONITORING });
  assert.equal(code, 0, output);
  assert.match(await box.read('created'), /name: grafana [^]* {2}password: '[0-9a-f]{24}'\n/);
  assert.ok(calls.some((call) => /rollout status deployment --selector=.*=monitoring /.test(call)));
});

test('a release is not taken back because the monitoring does not come up', async (t) => {
  const env = { FAIL: 'rollout status deployment --selector', ROLLBACK: '1' };
  const { code, output, steps } = await deploy(t, 'staging', env, { objects: MONITORING });
  assert.equal(code, 0, output);
  assert.match(output, /the monitoring is not up yet: kubectl .* get pods/);
  assert.deepEqual(steps, [...GATE, 'apply all', 'smoke https://test.example', 'record']);
});

test("Prometheus' rules become objects of Managed Prometheus, unchanged", async (t) => {
  const { box } = await deploy(t, 'staging');
  const component = 'rendered/infrastructure/kubernetes/components/managed-prometheus';
  assert.match(
    await box.read(`${component}/kustomization.yaml`),
    /\nresources:\n {2}- rules\.yaml\n/,
  );
  const object = (name, group) => `---
apiVersion: monitoring.googleapis.com/v1
kind: Rules
metadata: { name: ${name} }
spec:
  groups:
    - name: ${group}
`;
  assert.equal(
    await box.read(`${component}/rules.yaml`),
    object('rules-red', 'red') + object('alerts-red', 'alerts'),
  );
});

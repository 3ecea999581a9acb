/**
 * A deployment: the order of its steps, what it refuses, and how it goes back.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { imagesFile, sandbox } from './sandbox.mjs';

const CLOUD = `# Facts of a cloud.
GCP_PROJECT=your-project
GKE_LOCATION=us-central1
GKE_CLUSTER=mlp
DOMAIN=test.example
`;
const OBJECTS = `apiVersion: v1
kind: Namespace
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
`;

// A cluster in which release "a" runs. A call that matches FAIL fails.
const KUBECTL = `
[[ -z \${FAIL:-} || ! "$*" =~ $FAIL ]] || exit 9
case "$*" in
  kustomize*) cat "$OBJECTS"; cp -R "$2/../../../.." "$RENDERED" ;;
  'config get-contexts'*) echo gke_p_us-central1_mlp ;;
  *api-resources*)
    printf '%s\\n' 'namespaces ns v1 false Namespace' 'deployments deploy apps/v1 true Deployment' \
      'statefulsets sts apps/v1 true StatefulSet' "\${ROUTES-httproutes gateway.networking.k8s.io/v1 true HTTPRoute}" ;;
  *'get --raw'*)
    for kind in \${WATCHED-GRPCRoute TLSRoute BackendTLSPolicy ReferenceGrant}; do echo "{\\"kind\\":\\"$kind\\"}"; done ;;
  *'get job/migrate'*) echo "\${MIGRATION:-Complete}" ;;
  *'get secret'*) ;;
  *create*) cat >>"$CREATED" && echo --- >>"$CREATED" ;;
  *'get deployment'*)
    [[ -n \${NOTHING_RUNS:-} ]] && exit
    name=$(sed -E 's/.*deployment ([a-z]+) .*/\\1/' <<<"$*")
    echo "registry.test/mlp-$name@sha256:${'a'.repeat(64)} \${REVISION:-7}" ;;
esac`;

// What a deployment renders besides the overlay.
const RENDERED_FOLDERS = Object.fromEntries(
  ['postgres', 'prometheus', 'alertmanager', 'loki', 'alloy', 'jaeger', 'grafana']
    .map((folder) => [`infrastructure/${folder}/kustomization.yaml`, ''])
    .concat([
      ['infrastructure/prometheus/rules/red.yml', 'groups:\n  - name: red\n'],
      ['infrastructure/prometheus/alerts/red.yml', 'groups:\n  - name: alerts\n'],
      [
        'infrastructure/kubernetes/components/managed-prometheus/kustomization.yaml',
        'kind: Component\nresources:\n  - network-policy.yaml\n',
      ],
    ]),
);

async function deploy(t, environment, env = {}, { before = [], objects = OBJECTS } = {}) {
  const overlay = `infrastructure/kubernetes/overlays/${environment}`;
  const box = await sandbox(t, {
    programs: { kubectl: KUBECTL, sleep: '' },
    files: {
      'images.txt': imagesFile('b'),
      objects,
      [`${overlay}/cloud/cloud.env`]: CLOUD,
      [`${overlay}/kustomization.yaml`]: 'namespace: mlp\n',
      ...RENDERED_FOLDERS,
    },
  });
  await box.write(
    'scripts/smoke.sh',
    '#!/bin/bash\necho "smoke $BASE_URL" >>"$CALLS"\n[[ -z $SICK ]]',
  );
  const call = (more) =>
    box.run('scripts/deploy.sh', [environment], {
      env: {
        OBJECTS: box.path('objects'),
        RENDERED: box.path('rendered'),
        CREATED: box.path('created'),
        IMAGES_FILE: box.path('images.txt'),
        ASSUME_YES: '1',
        GCP_PROJECT: 'p',
        SICK: '',
        ...env,
        ...more,
      },
    });
  let result;
  // The calls of one release, one after the other; what is looked at is the last.
  for (const more of [...before, {}]) {
    await box.write('calls', '');
    result = await call(more);
  }
  const calls = await box.calls();
  const steps = calls
    .map((call) => STEPS.find(([pattern]) => pattern.test(call))?.[1]?.(call))
    .filter(Boolean);
  return { ...result, box, calls, steps };
}

/** What a reader of the calls looks for; whatever only asks the cluster something is left out. */
const STEPS = [
  [/ diff /, () => 'diff'],
  [/ apply .*notin/, () => 'prepare'],
  [/ delete job\/migrate /, () => 'forget the last migration'],
  [/ apply .*=migration/, () => 'migrate'],
  [/ apply .*=canary/, () => 'apply canary'],
  [/ apply /, () => 'apply all'],
  [/ scale /, (call) => call.replace(/.*scale deployment\//, 'scale ')],
  [
    / patch httproute (\w+) /,
    (call) => `weigh ${[...call.matchAll(/"value": (\d+)/g)].map((m) => m[1])}`,
  ],
  [/ rollout undo /, (call) => call.replace(/.*deployment\//, 'undo ')],
  [/^smoke/, (call) => call],
];

const GATE = ['diff', 'prepare', 'forget the last migration', 'migrate'];
const UNDO = ['traefik', 'api', 'dash', 'react'].map((name) => `undo ${name} --to-revision=7`);
const canary = (replicas) =>
  ['api', 'dash', 'react'].map((name) => `scale ${name}-canary --replicas=${replicas}`);

test('the schema is migrated before anything of the new release runs', async (t) => {
  const { code, output, steps, calls } = await deploy(t, 'staging');
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [...GATE, 'apply all', 'smoke https://test.example']);
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

test('the list for going back has the images that ran', async (t) => {
  const { box } = await deploy(t, 'staging', { FAIL: 'rollout status deployment/api' });
  const previous = await box.read('run/deploy/staging/previous');
  assert.match(previous, /^mlp\/dash-app=registry\.test\/mlp-dash@sha256:a{64}$/m);
});

for (const [what, env, steps] of [
  ['a rollout that does not finish', { FAIL: 'rollout status deployment/api --timeout=600s$' }, []],
  ['a platform that answers wrongly', { SICK: '1' }, ['smoke https://test.example']],
]) {
  test(`ROLLBACK=1: ${what} is taken back to the revisions that ran`, async (t) => {
    const { code, steps: taken } = await deploy(t, 'staging', { ...env, ROLLBACK: '1' });
    assert.equal(code, 1, 'a deployment that was taken back has failed');
    assert.deepEqual(taken, [...GATE, 'apply all', ...steps, ...UNDO]);
  });
}

test('BACK=1 takes the last deployment back: images, settings, and the gateway', async (t) => {
  const { code, output, steps } = await deploy(
    t,
    'staging',
    { BACK: '1' },
    { before: [{ BACK: '0' }] },
  );
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [...UNDO, 'smoke https://test.example']);
});

test('BACK=1: a canary and its release to all are one deployment', async (t) => {
  const release = { BACK: '0', REVISION: '9' };
  const before = [
    { BACK: '0', CANARY: '1' },
    { ...release, SICK: '1' },
  ];
  const { code, output, steps } = await deploy(t, 'production', { BACK: '1' }, { before });
  assert.equal(code, 0, output);
  assert.deepEqual(
    steps.filter((step) => step.startsWith('undo')),
    UNDO,
  );
  assert.ok(steps.includes('weigh 100,0') && steps.includes('scale api-canary --replicas=0'));
});

for (const [what, before] of [
  ['was deployed from here', []],
  ['got past the checks', [{ BACK: '0', FAIL: 'auth can-i' }]],
  ['could be asked of the cluster', [{ BACK: '0', FAIL: 'get deployment' }]],
  ['is left to take back', [{ BACK: '0' }, {}]],
]) {
  test(`BACK=1 changes nothing when nothing ${what}`, async (t) => {
    const { code, output, calls } = await deploy(t, 'staging', { BACK: '1' }, { before });
    assert.equal(code, 0, output);
    assert.match(output, /nothing to take back/);
    assert.deepEqual(calls, ['']);
  });
}

test('a cluster that does not say what runs is left as it is', async (t) => {
  const { code, output, steps } = await deploy(t, 'staging', { FAIL: 'get deployment' });
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

test('where nothing runs there is no canary: the first release goes to all', async (t) => {
  const env = { NOTHING_RUNS: '1', CANARY: '1' };
  const { code, output, steps } = await deploy(t, 'production', env);
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [...GATE, 'apply all', 'smoke https://test.example']);
});

test('BACK=1 after a first deployment leaves it as it is, and says so', async (t) => {
  const before = [{ BACK: '0', NOTHING_RUNS: '1' }];
  const { code, output, calls } = await deploy(t, 'staging', { BACK: '1' }, { before });
  assert.equal(code, 0, output);
  assert.match(output, /Nothing ran before the last deployment, so it stays as it is/);
  assert.deepEqual(calls, ['']);
});

test('a first deployment that fails has nothing to go back to, and says so', async (t) => {
  const env = { NOTHING_RUNS: '1', SICK: '1', ROLLBACK: '1' };
  const { code, output, steps } = await deploy(t, 'staging', env);
  assert.equal(code, 1);
  assert.match(output, /nothing ran before/);
  assert.equal(
    steps.some((step) => step.startsWith('undo')),
    false,
  );
});

test('CANARY=1 stops at a tenth of the requests', async (t) => {
  const { code, output, steps } = await deploy(t, 'production', { CANARY: '1' });
  assert.equal(code, 0, output);
  const weights = Array(3).fill('weigh 90,10,');
  assert.deepEqual(
    steps.map((step) => step.replace(/(weigh \d+,\d+)$/, '$1,')),
    [...GATE, 'apply canary', ...canary(1), ...weights],
  );
});

test('a canary that does not come up is taken away, and the release goes on as it was', async (t) => {
  const env = { CANARY: '1', FAIL: 'rollout status deployment/dash-canary' };
  const { code, steps } = await deploy(t, 'production', env);
  assert.equal(code, 1);
  const weights = Array(3).fill('weigh 100,0');
  assert.deepEqual(steps, [...GATE, 'apply canary', ...canary(1), ...weights, ...canary(0)]);
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
  assert.deepEqual(steps, [...GATE, 'apply all', 'smoke https://test.example']);
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
  assert.match(output, /kubectl 'delete' 'job\/migrate'/);
  assert.match(output, /nothing was changed/);
});

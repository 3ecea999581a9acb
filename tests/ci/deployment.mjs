/**
 * A deployment to try: scripts/deploy.sh with stand-ins for kubectl and for the smoke test. What is looked at are the steps
 * that it takes, in their order. What a real cluster makes of them is for `make k8s-check`.
 */
import { imagesFile, sandbox } from './sandbox.mjs';

const CLOUD = `# Facts of a cloud.
GCP_PROJECT=your-project
GKE_LOCATION=us-central1
GKE_CLUSTER=mlp
DOMAIN=test.example
`;
/** What an overlay is rendered to, unless a test says otherwise. */
export const OBJECTS = `apiVersion: v1
kind: Namespace
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
`;

/** What the release before has been rendered to. */
const OF_RELEASE_A = `${OBJECTS}---
apiVersion: v1
kind: ConfigMap
metadata:
  name: of-release-a
  namespace: mlp
`;

// A cluster that has recorded release "a", and in which LIVE runs. A call that matches FAIL fails, the first that matches
// FAIL_ONCE too. What is created is kept, for a look.
const KUBECTL = `
[[ -z \${FAIL:-} || ! "$*" =~ $FAIL ]] || exit 9
if [[ -n \${FAIL_ONCE:-} && "$*" =~ $FAIL_ONCE ]] && mkdir failed 2>/dev/null; then exit 9; fi
case "$*" in
  kustomize*) cat "\${OBJECTS:-objects}"; cp -R "$2/../../../.." rendered ;;
  *'config view'*) echo "\${PLUGIN:-}" ;;
  'config get-contexts'*) echo gke_p_us-central1_mlp ;;
  *api-resources*)
    printf '%s\\n' 'namespaces ns v1 false Namespace' 'deployments deploy apps/v1 true Deployment' \
      'statefulsets sts apps/v1 true StatefulSet' "\${ROUTES-httproutes gateway.networking.k8s.io/v1 true HTTPRoute}" ;;
  *'get --raw'*)
    for kind in \${WATCHED-GRPCRoute TLSRoute BackendTLSPolicy ReferenceGrant}; do echo "{\\"kind\\":\\"$kind\\"}"; done ;;
  *'get job/migrate'*) echo "\${MIGRATION:-Complete}" ;;
  *'get configmap release'*manifests*) [[ -n \${NOTHING_RUNS:-} ]] || gzip --stdout before | base64 ;;
  *'get configmap release'*images*) [[ -n \${NOTHING_RUNS:-} ]] || cat images-before.txt ;;
  *--selector=app.kubernetes.io/part-of=mlp*) printf '%s' "\${LIVE:-}" ;;
  *create*-) cat >>created && echo --- >>created ;;
esac`;

// What a deployment renders besides the overlay.
const RENDERED = {
  ...Object.fromEntries(
    ['traefik', 'postgres', 'prometheus', 'alertmanager', 'loki', 'alloy', 'jaeger', 'grafana'].map(
      (folder) => [`infrastructure/${folder}/kustomization.yaml`, ''],
    ),
  ),
  'infrastructure/prometheus/rules/red.yml': 'groups:\n  - name: red\n',
  'infrastructure/prometheus/alerts/red.yml': 'groups:\n  - name: alerts\n',
  'infrastructure/kubernetes/components/managed-prometheus/kustomization.yaml':
    'kind: Component\nresources:\n  - network-policy.yaml\n',
};

/**
 * Deploys to an environment: what the script said (`code`, `output`), what it called (`calls`), and the steps among these.
 * `before`: the environments of calls that come first, in the same place; `images`: the list that is deployed.
 */
export async function deploy(
  t,
  environment,
  env = {},
  { before = [], objects = OBJECTS, images = imagesFile('b') } = {},
) {
  const overlay = `infrastructure/kubernetes/overlays/${environment}`;
  const box = await sandbox(t, {
    programs: { kubectl: KUBECTL, sleep: '' },
    files: {
      'images.txt': images,
      objects,
      'images-before.txt': imagesFile('a'),
      before: OF_RELEASE_A,
      [`${overlay}/cloud/cloud.env`]: CLOUD,
      [`${overlay}/kustomization.yaml`]: 'namespace: mlp\n',
      ...RENDERED,
    },
  });
  const smoke = '#!/bin/bash\necho "smoke $BASE_URL" >>"$CALLS"\n[[ -z ${SICK:-} ]]';
  await box.write('scripts/smoke.sh', smoke);
  const usual = { IMAGES_FILE: box.path('images.txt'), ASSUME_YES: '1', GCP_PROJECT: 'p' };
  let result;
  // The calls of one release, one after the other; what is looked at is the last.
  for (const more of [...before, {}]) {
    await box.write('calls', '');
    result = await box.run('scripts/deploy.sh', [environment], {
      env: { ...usual, ...env, ...more },
    });
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
  [/ apply .*component=migration/, () => 'migrate'],
  [/ apply .*=canary/, () => 'apply canary'],
  [/ apply .*before\.yaml .*!=migration/, () => 'apply what ran before'],
  [/ apply .*!=migration/, () => 'apply all'],
  [/ apply .* - *$/, () => 'record'],
  [/ delete /, (call) => call.replace(/.* delete --ignore-not-found/, 'remove')],
  [/ scale /, (call) => call.replace(/.*scale deployment\//, 'scale ')],
  [
    / patch httproute /,
    (call) => `weigh ${[...call.matchAll(/"value": (\d+)/g)].map((m) => m[1])}`,
  ],
  [/^smoke/, (call) => call],
];

/** The steps of every deployment, before anything of the new release runs. */
export const GATE = ['diff', 'prepare', 'forget the last migration', 'migrate'];
export const SMOKE = 'smoke https://test.example';
/** Those of one that succeeds. */
export const ALL = [...GATE, 'apply all', SMOKE, 'record'];

/**
 * The small decisions of the workflows: which run is promoted, in which order commits get to staging.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { imagesFile, sandbox } from './sandbox.mjs';
import { read } from './workflows.mjs';

// --- Which run is promoted ---------------------------------------------------------------------
const COMMIT = 'c0ffee'.padEnd(40, '0');
const STAGED = 'decade'.padEnd(40, '0');
const REPOSITORY = 1;
const FORK = 2;

/** What GitHub says of a run of CI on main. */
const RUN = {
  event: 'push',
  head_branch: 'main',
  head_repository: { id: REPOSITORY },
  head_sha: COMMIT,
  path: '.github/workflows/ci.yml',
  repository: { id: REPOSITORY },
};
// A pull request of the branch `main` of a fork: a run of ours with a commit and artifacts of theirs.
const FORKED = { ...RUN, event: 'pull_request', head_repository: { id: FORK } };

/** What GitHub says of an artifact of the run `id`. */
const artifact = (id, { expired = false, branch = 'main', repository = REPOSITORY } = {}) => ({
  expired,
  workflow_run: {
    id,
    head_branch: branch,
    head_sha: STAGED,
    head_repository_id: repository,
    repository_id: REPOSITORY,
  },
});
const pages = (...lists) => JSON.stringify(lists.map((artifacts) => ({ artifacts })));

// `owner/name` is where it is asked; that is what makes the address of a run exact.
const GH = `
case $* in
    'api repos/owner/name/actions/runs/'*) printf %s "$RUN" ;;
    'api repos/owner/name/compare/main...${COMMIT} --jq .status' | \\
        'api repos/owner/name/compare/${STAGED}...${COMMIT} --jq .status') echo "$STATUS" ;;
    'api --paginate --slurp repos/owner/name/actions/artifacts?name=staging-images&'*) printf %s "$ARTIFACTS" ;;
    'run download '*) [[ -n $LIST ]] && cp "$LIST" "\${*: -1}/images.txt" ;;
    'attestation verify '*)
        [[ -z \${FAIL:-} || ! "$*" =~ $FAIL ]] || exit 1
        type=$(sed 's/.*--predicate-type \\([^ ]*\\).*/\\1/' <<<"$*")
        printf '[{"verificationResult": {"statement": {"predicateType": "%s", "predicate": {
            "configuration": [{"digest": {"gitCommit": "%s"}}]}}}}]' "$type" "$TESTED" ;;
    *) echo "gh does not know: $*" >&2; exit 1 ;;
esac`;

async function select(
  t,
  args = [],
  { run = RUN, artifacts = pages([artifact(77)]), ...more } = {},
) {
  const box = await sandbox(t, {
    programs: { gh: GH, cosign: '' },
    files: { 'the-list': imagesFile('8'), summary: '' },
  });
  const env = {
    ARTIFACTS: artifacts,
    GHCR: 'ghcr.io/Owner',
    GITHUB_REPOSITORY: 'owner/name',
    GITHUB_STEP_SUMMARY: box.path('summary'),
    LIST: box.path('the-list'),
    RUN: JSON.stringify(run),
    STATUS: 'behind',
    TESTED: COMMIT,
    ...more,
  };
  const result = await box.run('scripts/ci/select-run.sh', args, { env });
  return {
    ...result,
    calls: await box.calls(),
    outputs: await box.read('output').catch(() => ''),
    summary: await box.read('summary'),
  };
}

test('the latest that staging has tested is promoted', async (t) => {
  const { code, output, outputs } = await select(t);
  assert.equal(code, 0, output);
  // The manifests have to be those that staging has tested, not what main has by now.
  assert.equal(outputs, `run-id=77\nsha=${COMMIT}\n`);
});

test('whoever approves sees the images, and the commit whose scripts will run', async (t) => {
  const { summary } = await select(t);
  assert.match(summary, /mlp\/react-app=registry\.test/);
  assert.ok(
    summary.includes(`[\`${COMMIT}\`](https://github.com/owner/name/commit/${COMMIT})`),
    summary,
  );
  assert.ok(summary.includes('[run 77](https://github.com/owner/name/actions/runs/77)'), summary);
});

test('an earlier one can be named', async (t) => {
  const { code, output, calls } = await select(t, ['5']);
  assert.equal(code, 0, output);
  assert.match(calls.join('\n'), /^gh run download 5 /m);
});

test('a deployment to staging by hand can be promoted too, and the branch may be in its path', async (t) => {
  const run = {
    ...RUN,
    event: 'workflow_dispatch',
    path: '.github/workflows/cd-staging.yml@refs/heads/main',
  };
  assert.equal((await select(t, ['5'], { run, STATUS: 'identical' })).code, 0);
});

test('what a fork calls tested is not even looked at, however much of it there is', async (t) => {
  const forks = Array.from({ length: 100 }, (_, n) => artifact(100 + n, { repository: FORK }));
  const { code, outputs } = await select(t, [], {
    artifacts: pages(forks, [
      artifact(99, { branch: 'other' }),
      artifact(98, { expired: true }),
      artifact(78),
      artifact(77),
    ]),
  });
  assert.equal(code, 0);
  assert.match(outputs, /^run-id=78$/m);
});

test('a run that is no number is refused before it gets into a command', async (t) => {
  const { code, calls } = await select(t, ['5; rm -rf /']);
  assert.equal(code, 1);
  assert.deepEqual(calls, ['']);
});

/** Runs of which nothing may be used, and what is said of them. */
const FOREIGN = [
  ['of a pull request of a fork', FORKED, /of another repository/],
  ['of a fork, whatever has started it', { ...FORKED, event: 'push' }, /of another repository/],
  ['of a fork that is gone', { ...RUN, head_repository: null }, /of another repository/],
  ['without any repository', { ...RUN, head_repository: {}, repository: {} }, /another repository/],
  ['of a pull request', { ...RUN, event: 'pull_request' }, /started by: pull_request/],
  ['that others may start', { ...RUN, event: 'pull_request_target' }, /started by/],
  ['of another branch', { ...RUN, head_branch: 'other' }, /branch other/],
  ['of another workflow', { ...RUN, path: '.github/workflows/new.yml' }, /workflow .*new\.yml/],
  ['of a workflow elsewhere', { ...RUN, path: 'x/.github/workflows/ci.yml' }, /workflow x/],
  ...['', 'main', 'c0ffee'].map((commit) => [
    `with the commit '${commit}'`,
    { ...RUN, head_sha: commit },
    /has no commit/,
  ]),
];
for (const [what, run, complaint] of FOREIGN) {
  test(`a run ${what} is not promoted, not when it is named either`, async (t) => {
    for (const args of [[], ['5']]) {
      const { code, output, outputs, calls } = await select(t, args, { run });
      assert.equal(code, 1);
      assert.match(output, complaint);
      assert.equal(outputs, '');
      assert.ok(!calls.some((call) => call.includes('download')));
    }
  });

  test(`a run ${what} is not deployed to staging`, async (t) => {
    const box = await sandbox(t, { programs: { gh: GH } });
    const { code, output } = await box.run('scripts/ci/check-run.sh', ['5', 'ci.yml'], {
      env: { GITHUB_REPOSITORY: 'owner/name', RUN: JSON.stringify(run), STATUS: 'behind' },
    });
    assert.equal(code, 1);
    assert.match(output, complaint);
  });
}

for (const status of ['ahead', 'diverged', '']) {
  test(`a commit that main does not have is not promoted: ${status || 'unknown'}`, async (t) => {
    const { code, output, outputs } = await select(t, ['5'], { STATUS: status });
    assert.equal(code, 1);
    assert.match(output, /main does not have its commit/);
    assert.equal(outputs, '');
  });
}

for (const [what, env] of [
  ['were not built here', { FAIL: 'provenance' }],
  ['staging has not tested', { FAIL: 'mlp-react-app.*test-result' }],
  ['staging has tested with another commit', { TESTED: 'bad'.padEnd(40, '0') }],
]) {
  test(`images that ${what} are not even shown to whoever approves`, async (t) => {
    const { code, outputs, summary } = await select(t, ['5'], env);
    assert.equal(code, 1);
    assert.equal(outputs + summary, '');
  });
}

test('they are proven at the registry that needs no identity of production', async (t) => {
  const { calls } = await select(t, ['5']);
  const proofs = calls.filter((call) => /^(cosign|gh attestation) verify/.test(call));
  assert.equal(proofs.length, 9);
  for (const proof of proofs) {
    assert.match(proof, /ghcr\.io\/owner\/mlp-(api|dash-app|react-app)@sha256:8{64} /);
  }
});

test('nothing that staging has tested: says so', async (t) => {
  const { code, output } = await select(t, [], { artifacts: pages([]) });
  assert.equal(code, 1);
  assert.match(output, /staging has tested nothing/);
});

// --- In which order commits get to staging -----------------------------------------------------
async function order(t, status, artifacts = pages([artifact(77)])) {
  const box = await sandbox(t, { programs: { gh: GH } });
  const env = { ARTIFACTS: artifacts, GITHUB_REPOSITORY: 'owner/name', STATUS: status };
  return box.run('scripts/ci/check-order.sh', [COMMIT], { env });
}

test('an older commit whose run is repeated does not follow a newer one to staging', async (t) => {
  const { code, output } = await order(t, 'behind');
  assert.equal(code, 1);
  assert.match(output, new RegExp(`${STAGED}.* run 77`));
  assert.match(output, /by hand: .*CD staging/);
});

for (const status of ['ahead', 'identical', 'diverged']) {
  test(`a commit that is ${status} compared with what staging has tested goes there`, async (t) => {
    const { code, output } = await order(t, status);
    assert.equal(code, 0, output);
  });
}

test('the first commit goes to staging, and what a fork has "tested" is no reason against any', async (t) => {
  for (const list of [
    [],
    [artifact(99, { repository: FORK }), artifact(98, { branch: 'other' })],
  ]) {
    const { code, output } = await order(t, 'behind', pages(list));
    assert.equal(code, 0, output);
  }
});

test('a comparison that cannot be had is an error', async (t) => {
  const { code, output } = await order(t, '');
  assert.equal(code, 1);
  assert.match(output, /cannot be compared/);
});

// --- What the workflows make of it -------------------------------------------------------------
const workflow = (name) => read(`.github/workflows/${name}`);

test('production gets the manifests of the commit that staging has tested', async () => {
  const text = await workflow('cd-production.yml');
  const deploy = text.slice(text.indexOf('\n  deploy:'));
  assert.match(
    deploy,
    /actions\/checkout@[^\n]+\n +with:\n +ref: \$\{\{ needs\.select\.outputs\.sha \}\}/,
  );
  assert.match(deploy, /verify-images\.sh images\.txt --tested "\$COMMIT"\n/);
});

test('what proves the commit comes from main, and has no identity', async () => {
  const text = await workflow('cd-production.yml');
  const job = text.slice(text.indexOf('\n  select:'), text.indexOf('\n  deploy:'));
  assert.match(job, /if: github\.ref == 'refs\/heads\/main'\n/);
  assert.doesNotMatch(job, / ref: |id-token|environment:|: write/);
  assert.match(job, /attestations: read/);
});

test('staging takes the list of a named run only after a look at the run', async () => {
  const text = await workflow('cd-staging.yml');
  const [before] = text.split('actions/download-artifact@');
  assert.match(
    before,
    /if: inputs\.run-id != ''\n +run: scripts\/ci\/check-run\.sh "\$RUN_ID" ci\.yml\n/,
  );
});

test('what CI calls staging for is held to the order; who names a run has a reason', async () => {
  const [before] = (await workflow('cd-staging.yml')).split('actions/download-artifact@');
  assert.match(
    before,
    /if: inputs\.run-id == ''\n +run: scripts\/ci\/check-order\.sh "\$GITHUB_SHA"\n/,
  );
});

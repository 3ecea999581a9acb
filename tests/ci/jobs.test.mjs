/**
 * The small decisions of the workflows: which run is promoted, in which order commits get to staging.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GH_ANSWERS, assertRefused, imagesFile, play } from './sandbox.mjs';
import { read } from './workflows.mjs';

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
const pages = (...lists) => lists.map((artifacts) => JSON.stringify({ artifacts })).join('\n');

// `owner/name` is where it is asked; that is what makes the address of a run exact.
const GH = `${GH_ANSWERS}
case $* in
    'api repos/owner/name/actions/runs/'*) answers "$RUN" "$@" ;;
    'api repos/owner/name/compare/main...${COMMIT} --jq .status' | \\
        'api repos/owner/name/compare/${STAGED}...${COMMIT} --jq .status') echo "$STATUS" ;;
    'api --paginate repos/owner/name/actions/artifacts?name=staging-images&'*) answers "$ARTIFACTS" "$@" ;;
    'run download '*) cp the-list "\${*: -1}/images.txt" ;;
    'attestation verify '*)
        [[ -z \${FAIL:-} || ! "$*" =~ $FAIL ]] || exit 1
        type=$(sed 's/.*--predicate-type \\([^ ]*\\).*/\\1/' <<<"$*")
        answers "$(printf '[{"verificationResult": {"statement": {"predicateType": "%s", "predicate": {
            "configuration": [{"digest": {"gitCommit": "%s"}}]}}}}]' "$type" "$TESTED")" "$@" ;;
    *) echo "gh does not know: $*" >&2; exit 1 ;;
esac`;

/** Runs a script of scripts/ci/ where GitHub says these things. */
function ask(t, script, args, { run = RUN, artifacts = pages([artifact(77)]), ...more } = {}) {
  const files = { 'the-list': imagesFile('8'), summary: '', output: '' };
  const env = {
    ARTIFACTS: artifacts,
    GHCR: 'ghcr.io/Owner',
    GITHUB_REPOSITORY: 'owner/name',
    GITHUB_STEP_SUMMARY: 'summary',
    RUN: JSON.stringify(run),
    STATUS: 'behind',
    TESTED: COMMIT,
    ...more,
  };
  return play(t, `ci/${script}`, args, { env, files, programs: { gh: GH, cosign: '' } });
}
const select = (t, args = [], said = {}) => ask(t, 'select-run.sh', args, said);

// --- Which run is promoted ---------------------------------------------------------------------
test('the latest that staging has tested is promoted; whoever approves sees what, and whose scripts will run', async (t) => {
  const { code, output, box } = await select(t);
  assert.equal(code, 0, output);
  // The manifests have to be those that staging has tested, not what main has by now.
  assert.equal(await box.read('output'), `run-id=77\nsha=${COMMIT}\n`);
  const summary = await box.read('summary');
  assert.match(summary, /mlp\/react-app=registry\.test/);
  const github = 'https://github.com/owner/name';
  assert.ok(summary.includes(`[\`${COMMIT}\`](${github}/commit/${COMMIT})`), summary);
  assert.ok(summary.includes(`[run 77](${github}/actions/runs/77)`), summary);
});

for (const [what, event, path, status] of [
  ['an earlier run', 'push', 'ci.yml', 'behind'],
  // The branch may be in its path.
  ['a deployment to staging by hand', 'workflow_dispatch', 'cd-staging.yml@main', 'identical'],
]) {
  test(`${what} can be named, and is proven at the registry that needs no identity of production`, async (t) => {
    const run = { ...RUN, event, path: `.github/workflows/${path}` };
    const { code, output, calls } = await select(t, ['5'], { run, STATUS: status });
    assert.equal(code, 0, output);
    assert.match(calls.join('\n'), /^gh run download 5 /m);
    const proofs = calls.filter((call) => /^(cosign|gh attestation) verify/.test(call));
    assert.equal(proofs.length, 9);
    for (const proof of proofs) {
      assert.match(proof, /ghcr\.io\/owner\/mlp-(api|dash-app|react-app)@sha256:8{64} /);
    }
  });
}

test('what a fork calls tested is not even looked at, however much of it there is', async (t) => {
  const forks = Array.from({ length: 100 }, (_, n) => artifact(100 + n, { repository: FORK }));
  const others = [artifact(99, { branch: 'other' }), artifact(98, { expired: true })];
  const artifacts = pages(forks, [...others, artifact(78), artifact(77)]);
  const { code, output } = await select(t, [], { artifacts });
  assert.equal(code, 0);
  assert.match(output, /^run-id=78$/m);
});

test('a run that is no number is refused before it gets into a command', async (t) => {
  const { code, calls } = await select(t, ['5; rm -rf /']);
  assert.equal(code, 1);
  assert.deepEqual(calls, ['']);
});

/** Runs of which nothing may be used, and what is said of them. */
for (const [what, run, complaint] of [
  ['of a pull request of a fork', FORKED, /of another repository/],
  ['of a fork, whatever has started it', { ...FORKED, event: 'push' }, /of another repository/],
  ['of a fork that is gone', { ...RUN, head_repository: null }, /of another repository/],
  ['without any repository', { ...RUN, head_repository: {}, repository: {} }, /another repository/],
  ['of a pull request', { ...RUN, event: 'pull_request' }, /started by: pull_request/],
  ['that others may start', { ...RUN, event: 'pull_request_target' }, /started by/],
  ['of another branch', { ...RUN, head_branch: 'other' }, /branch other/],
  ['of another workflow', { ...RUN, path: '.github/workflows/new.yml' }, /workflow .*new\.yml/],
  ['of a workflow elsewhere', { ...RUN, path: 'x/.github/workflows/ci.yml' }, /workflow x/],
  ['with no commit', { ...RUN, head_sha: '' }, /has no commit/],
  ['with a branch in place of a commit', { ...RUN, head_sha: 'main' }, /has no commit/],
  ['with a part of a commit', { ...RUN, head_sha: 'c0ffee' }, /has no commit/],
]) {
  test(`a run ${what} is neither promoted, named or not, nor deployed to staging`, async (t) => {
    for (const args of [[], ['5']]) {
      const result = await select(t, args, { run });
      assertRefused(result, complaint);
      assert.equal(await result.box.read('output'), '');
      assert.ok(!result.calls.some((call) => call.includes('download')));
    }
    assertRefused(await ask(t, 'check-run.sh', ['5', 'ci.yml'], { run }), complaint);
  });
}

for (const [what, args, said, complaint] of [
  ...['ahead', 'diverged', ''].map((STATUS) => [
    `a commit that main does not have (${STATUS || 'unknown'})`,
    ['5'],
    { STATUS },
    /main does not have its commit/,
  ]),
  ['images that were not built here', ['5'], { FAIL: 'provenance' }, /no valid attestation/],
  ['images that staging has not tested', ['5'], { FAIL: 'mlp-react-app.*test-result' }, /no valid/],
  ['images tested with another commit', ['5'], { TESTED: STAGED }, new RegExp(STAGED)],
  ['nothing that staging has tested', [], { artifacts: pages([]) }, /staging has tested nothing/],
]) {
  test(`not promoted, nor shown to whoever approves: ${what}`, async (t) => {
    const result = await select(t, args, said);
    assertRefused(result, complaint);
    assert.equal((await result.box.read('output')) + (await result.box.read('summary')), '');
  });
}

// --- In which order commits get to staging -----------------------------------------------------
const order = (t, said) => ask(t, 'check-order.sh', [COMMIT], said);

test('an older commit whose run is repeated does not follow a newer one to staging', async (t) => {
  const message = new RegExp(`${STAGED}.* run 77[^]*by hand: .*CD staging`);
  assertRefused(await order(t, { STATUS: 'behind' }), message);
});

const FOREIGN = [artifact(99, { repository: FORK }), artifact(98, { branch: 'other' })];
for (const [what, said] of [
  ...['ahead', 'identical', 'diverged'].map((STATUS) => [
    `that is ${STATUS} compared with what staging has tested`,
    { STATUS },
  ]),
  ['that is the first', { artifacts: pages([]) }],
  ['of which only forks and branches have "tested" a newer one', { artifacts: pages(FOREIGN) }],
]) {
  test(`a commit ${what} goes there`, async (t) => {
    const { code, output } = await order(t, said);
    assert.equal(code, 0, output);
  });
}

test('a comparison that cannot be had is an error', async (t) => {
  assertRefused(await order(t, { STATUS: '' }), /cannot be compared/);
});

// --- What the workflows make of it -------------------------------------------------------------
test('production gets the manifests of the commit that staging has tested', async () => {
  const [select, deploy] = (await read('.github/workflows/cd-production.yml')).split('\n  deploy:');
  const checkout =
    'actions/checkout@[^\\n]+\\n +with:\\n +ref: \\$\\{\\{ needs.select.outputs.sha \\}\\}';
  assert.match(deploy, new RegExp(checkout));
  assert.match(deploy, /verify-images\.sh images\.txt --tested "\$COMMIT"\n/);
  // What proves the commit comes from main, and has no identity.
  const [, job] = select.split('\n  select:');
  assert.match(job, /if: github\.ref == 'refs\/heads\/main'\n[^]*attestations: read/);
  assert.doesNotMatch(job, / ref: |id-token|environment:|: write/);
});

test('staging takes what CI calls it for in order, and the list of a named run after a look at the run', async () => {
  const [before] = (await read('.github/workflows/cd-staging.yml')).split(
    'actions/download-artifact@',
  );
  for (const [condition, command] of [
    ["inputs.run-id != ''", 'check-run.sh "$RUN_ID" ci.yml'],
    ["inputs.run-id == ''", 'check-order.sh "$GITHUB_SHA"'],
  ]) {
    assert.ok(before.includes(`if: ${condition}\n        run: scripts/ci/${command}\n`), command);
  }
});

/**
 * The small decisions of the workflows: what is left out, when all is green, which run is promoted.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { imagesFile, sandbox } from './sandbox.mjs';

// --- What changed ------------------------------------------------------------------------------
/** A repository whose second commit changes `paths`. */
async function changed(t, paths, args = ['HEAD~1', 'HEAD'], env = {}) {
  const box = await sandbox(t, {});
  const git = (...command) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...command], {
      cwd: box.path('.'),
      stdio: 'pipe',
    });
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message=one');
  for (const path of paths) {
    execFileSync('mkdir', ['-p', box.path(path.replace(/[^/]*$/, ''))]);
    await box.write(path, 'new');
    git('add', '--', path);
  }
  git('commit', '--quiet', '--allow-empty', '--message=two');
  const result = await box.run('scripts/ci/changes.sh', args, { env });
  const parts = [...result.output.matchAll(/^(\w+)=true$/gm)].map(([, name]) => name);
  return { ...result, parts };
}

for (const [what, paths, ...expected] of [
  ['documents only', ['docs/a.md', 'README.md', 'libs/web/README.md']],
  ['the cloud only', ['infrastructure/terraform/main.tf'], 'cloud'],
  ['what Terraform tests', ['infrastructure/terraform/bootstrap/tests/a.tftest.hcl'], 'cloud'],
  ['the providers', ['infrastructure/terraform/bootstrap/.terraform.lock.hcl'], 'cloud'],
  ['how Terraform is checked', ['scripts/cloud-check.sh'], 'code', 'cloud'],
  ['what the cloud commands share', ['scripts/lib/cloud.sh'], 'code', 'cloud'],
  ['alerts, which a cluster gets too', ['infrastructure/prometheus/a.yml'], 'code', 'cluster'],
  ['the manifests only', ['infrastructure/kubernetes/base/kustomization.yaml'], 'cluster'],
  ['how a release is deployed', ['scripts/deploy.sh'], 'code', 'cluster'],
  ['a library', ['libs/web/src/a.cpp'], 'code', 'images'],
  ['a document and a service', ['docs/a.md', 'services/api/app/main.cpp'], 'code', 'images'],
  ['a test', ['tests/e2e/a.test.mjs'], 'code'],
  ['a workflow', ['.github/workflows/ci.yml'], 'code', 'images'],
  ['something new', ['something/new'], 'code'],
]) {
  test(`a change of ${what} concerns ${expected.join(' and ') || 'nothing'}`, async (t) => {
    assert.deepEqual((await changed(t, paths)).parts, expected);
  });
}

test('whatever a deployment renders concerns the cluster', async (t) => {
  const script = await readFile(
    join(import.meta.dirname, '../../scripts/lib/kubernetes.sh'),
    'utf8',
  );
  const [, list] = /cp -R "\$REPO"\/infrastructure\/\{([a-z,]+)\}/.exec(script);
  for (const folder of list.split(',')) {
    const { parts } = await changed(t, [`infrastructure/${folder}/a.yml`]);
    assert.ok(parts.includes('cluster'), folder);
  }
});

test('a pull request is what its merge would change', async (t) => {
  const env = { GITHUB_EVENT_NAME: 'pull_request' };
  assert.deepEqual((await changed(t, ['docs/a.md'], [], env)).parts, []);
});

test('what main gets counts as changed as a whole', async (t) => {
  const { parts } = await changed(t, ['docs/a.md'], [], { GITHUB_EVENT_NAME: 'push' });
  assert.deepEqual(parts, ['code', 'images', 'cloud', 'cluster']);
});

test('commits that cannot be compared are an error, not "nothing changed"', async (t) => {
  assert.equal((await changed(t, ['a'], ['HEAD~5', 'HEAD'])).code, 1);
  assert.equal((await changed(t, [])).code, 1);
});

// --- Whether all is green ----------------------------------------------------------------------
for (const [what, results, code] of [
  ['success and what was left out', { lint: 'success', images: 'skipped' }, 0],
  ['a failure', { lint: 'success', test: 'failure' }, 1],
  ['a cancellation', { lint: 'success', test: 'cancelled' }, 1],
  ['nothing', {}, 1],
]) {
  test(`the gate: ${what} ends with ${code}`, async (t) => {
    const box = await sandbox(t, {});
    const entries = Object.entries(results).map(([name, result]) => [name, { result }]);
    const env = { NEEDS: JSON.stringify(Object.fromEntries(entries)) };
    assert.equal((await box.run('scripts/ci/gate.sh', [], { env })).code, code);
  });
}

// --- Which run is promoted ---------------------------------------------------------------------
const COMMIT = 'c0ffee'.padEnd(40, '0');
const GH = `
case $* in
    *actions/runs/*) echo "\${COMMIT-${COMMIT}}" ;;
    'api '*) echo "$LATEST" ;;
    'run download '*) [[ -n $LATEST ]] && cp "$TESTED" "\${*: -1}/images.txt" ;;
esac`;

async function select(t, args, latest, more = {}) {
  const box = await sandbox(t, {
    programs: { gh: GH },
    files: { 'the-list': imagesFile('8') },
  });
  const env = {
    GITHUB_REPOSITORY: 'owner/name',
    LATEST: latest,
    TESTED: box.path('the-list'),
    ...more,
  };
  const result = await box.run('scripts/ci/select-run.sh', args, { env });
  return { ...result, calls: await box.calls() };
}

test('the latest that staging has tested is promoted, and shown', async (t) => {
  const { code, output } = await select(t, [], '77');
  assert.equal(code, 0, output);
  assert.match(output, /^run-id=77$/m);
  // The manifests have to be those that staging has tested, not what main has by now.
  assert.match(output, new RegExp(`^sha=${COMMIT}$`, 'm'));
  assert.match(output, /mlp\/react-app=registry\.test/);
});

test('an earlier one can be named', async (t) => {
  const { code, calls } = await select(t, ['5'], '77');
  assert.equal(code, 0);
  assert.match(calls.join('\n'), /^gh run download 5 /m);
});

test('a run that is no number is refused before it gets into a command', async (t) => {
  const { code, calls } = await select(t, ['5; rm -rf /'], '77');
  assert.equal(code, 1);
  assert.deepEqual(calls, ['']);
});

for (const commit of ['', 'main', 'c0ffee']) {
  test(`a run of which GitHub says the commit '${commit}' is not promoted`, async (t) => {
    const { code, output } = await select(t, ['5'], '77', { COMMIT: commit });
    assert.equal(code, 1);
    assert.match(output, /run 5 has no commit/);
  });
}

test('production gets the manifests of the commit that staging has tested', async () => {
  const workflow = await readFile(
    join(import.meta.dirname, '../../.github/workflows/cd-production.yml'),
    'utf8',
  );
  const deploy = workflow.slice(workflow.indexOf('\n  deploy:'));
  assert.match(
    deploy,
    /actions\/checkout@[^\n]+\n +with:\n +ref: \$\{\{ needs\.select\.outputs\.sha \}\}/,
  );
});

test('nothing that staging has tested: says so', async (t) => {
  const { code, output } = await select(t, [], '');
  assert.equal(code, 1);
  assert.match(output, /staging has tested nothing/);
});

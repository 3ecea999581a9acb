/**
 * What a pull request may leave out: scripts/ci/changes.sh, by what has changed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';
import { read } from './workflows.mjs';

async function changed(t, paths, args = ['HEAD~1', 'HEAD'], env = {}, moved = []) {
  const box = await sandbox(t, {});
  const git = (...command) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...command], {
      cwd: box.path('.'),
      stdio: 'pipe',
    });
  const write = async (path) => {
    execFileSync('mkdir', ['-p', box.path(path.replace(/[^/]*$/, ''))]);
    await box.write(path, 'new');
    git('add', '--', path);
  };
  git('init', '--quiet');
  if (moved.length) await write(moved[0]);
  git('commit', '--quiet', '--allow-empty', '--message=one');
  for (const path of paths) await write(path);
  if (moved.length) {
    execFileSync('mkdir', ['-p', box.path(moved[1].replace(/[^/]*$/, ''))]);
    git('mv', ...moved);
  }
  git('commit', '--quiet', '--allow-empty', '--message=two');
  const result = await box.run('scripts/ci/changes.sh', args, { env });
  const parts = [...result.output.matchAll(/^(\w+)=true$/gm)].map(([, name]) => name);
  return { ...result, parts };
}

const EVERYTHING = ['code', 'images', 'cloud', 'cluster'];
for (const [what, paths, ...expected] of [
  ['documents only', ['docs/a.md', 'README.md', 'libs/web/README.md']],
  ['the cloud only', ['infrastructure/terraform/main.tf'], 'cloud'],
  ['what Terraform tests', ['infrastructure/terraform/bootstrap/tests/a.tftest.hcl'], 'cloud'],
  ['the providers', ['infrastructure/terraform/bootstrap/.terraform.lock.hcl'], 'cloud'],
  ['what the cloud commands share', ['scripts/lib/cloud.sh'], 'code', 'cloud', 'cluster'],
  ['how Terraform is checked', ['scripts/cloud-check.sh'], 'code', 'cloud'],
  ['alerts, which a cluster gets too', ['infrastructure/prometheus/a.yml'], 'code', 'cluster'],
  ['the manifests only', ['infrastructure/kubernetes/base/kustomization.yaml'], 'cluster'],
  ['how a release is deployed', ['scripts/deploy.sh'], 'code', 'cluster'],
  ['a library', ['libs/web/src/a.cpp'], 'code', 'images'],
  ['a document and a service', ['docs/a.md', 'services/api/app/main.cpp'], 'code', 'images'],
  ['a test', ['tests/e2e/a.test.mjs'], 'code'],
  ['the workflow of the checks', ['.github/workflows/ci.yml'], ...EVERYTHING],
  ['what make runs', ['Makefile'], ...EVERYTHING],
  ['another workflow', ['.github/workflows/publish.yml'], 'code', 'images'],
  ['something new', ['something/new'], 'code'],
]) {
  test(`a change of ${what} concerns ${expected.join(' and ') || 'nothing'}`, async (t) => {
    assert.deepEqual((await changed(t, paths)).parts, expected);
  });
}

test('what moves away has changed, wherever it goes', async (t) => {
  const { parts } = await changed(t, [], undefined, {}, ['services/api/a.cpp', 'docs/a.md']);
  assert.deepEqual(parts, ['code', 'images']);
});

/** A script and all that it sources, and what these source. */
async function withLibraries(script, found = new Set()) {
  found.add(script);
  const text = await read(script);
  for (const [, library] of text.matchAll(/^ *# shellcheck source=(\S+)$/gm)) {
    if (!found.has(library)) await withLibraries(library, found);
  }
  return found;
}

for (const [part, script, ...more] of [
  ['images', 'scripts/image.sh'],
  ['cloud', 'scripts/cloud-check.sh'],
  [
    'cluster',
    'tests/kubernetes/check.sh',
    'scripts/deploy.sh',
    'scripts/smoke.sh',
    'scripts/lib/rollout.sh',
    // The gateway's program, and Go, which builds the API server.
    'infrastructure/native/requirements.txt',
    'infrastructure/native/requirements-go.txt',
  ],
]) {
  test(`whatever the job of ${part} runs concerns it`, async (t) => {
    const files = [...(await withLibraries(script)), ...more];
    assert.ok(files.includes('scripts/lib/common.sh'));
    for (const file of files) {
      assert.ok((await changed(t, [file])).parts.includes(part), file);
    }
  });
}

test('whatever a deployment renders concerns the cluster', async (t) => {
  const script = await read('scripts/lib/kubernetes.sh');
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
  assert.deepEqual(parts, EVERYTHING);
});

test('commits that cannot be compared are an error, not "nothing changed"', async (t) => {
  assert.equal((await changed(t, ['a'], ['HEAD~5', 'HEAD'])).code, 1);
  assert.equal((await changed(t, [])).code, 1);
});

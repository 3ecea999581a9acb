/**
 * What a pull request may leave out: scripts/ci/changes.sh, by what has changed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';
import { read } from './workflows.mjs';

/** What a commit with these files concerns; `moved`: from where to where it moves one besides. */
async function changed(t, paths, { args = ['HEAD~1', 'HEAD'], event, moved = [] } = {}) {
  const box = await sandbox(t, {});
  const git = (...command) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...command], {
      cwd: box.path('.'),
      stdio: 'pipe',
    });
  const write = async (path) => {
    await mkdir(box.path(dirname(path)), { recursive: true });
    await box.write(path, 'new');
    git('add', '--', path);
  };
  git('init', '--quiet');
  if (moved.length) await write(moved[0]);
  git('commit', '--quiet', '--allow-empty', '--message=one');
  for (const path of paths) await write(path);
  if (moved.length) {
    await mkdir(box.path(dirname(moved[1])), { recursive: true });
    git('mv', ...moved);
  }
  git('commit', '--quiet', '--allow-empty', '--message=two');
  const env = event ? { GITHUB_EVENT_NAME: event } : {};
  const { code, output } = await box.run('scripts/ci/changes.sh', args, { env });
  return { code, parts: [...output.matchAll(/^(\w+)=true$/gm)].map(([, name]) => name) };
}

const EVERYTHING = ['code', 'images', 'cloud', 'cluster'];
for (const [what, paths, expected, options] of [
  ['documents only', ['docs/a.md', 'README.md', 'libs/web/README.md'], []],
  ['the cloud only', ['infrastructure/terraform/main.tf'], ['cloud']],
  ['what Terraform tests', ['infrastructure/terraform/bootstrap/tests/a.tftest.hcl'], ['cloud']],
  ['the providers', ['infrastructure/terraform/bootstrap/.terraform.lock.hcl'], ['cloud']],
  ['what the cloud commands share', ['infrastructure/terraform/cloud.sh'], ['cloud']],
  ['how Terraform is checked', ['infrastructure/terraform/check.sh'], ['cloud']],
  ['alerts, which a cluster gets too', ['infrastructure/prometheus/a.yml'], ['code', 'cluster']],
  ['the manifests only', ['infrastructure/kubernetes/base/kustomization.yaml'], ['cluster']],
  ['how a release is deployed', ['scripts/deploy.sh'], ['code', 'cluster']],
  ['how the manifests are checked', ['tests/kubernetes/lint.sh'], ['code', 'cluster']],
  ['a library', ['libs/web/src/a.cpp'], ['code', 'images']],
  ['a document and a service', ['docs/a.md', 'services/api/app/main.cpp'], ['code', 'images']],
  ['a test', ['tests/e2e/a.test.mjs'], ['code']],
  ['the workflow of the checks', ['.github/workflows/ci.yml'], EVERYTHING],
  ['what make runs', ['Makefile'], EVERYTHING],
  ['another workflow', ['.github/workflows/publish.yml'], ['code', 'images']],
  ['something new', ['something/new'], ['code']],
  [
    'what moves away, wherever it goes',
    [],
    ['code', 'images'],
    { moved: ['services/api/a.cpp', 'docs/a.md'] },
  ],
  // A pull request is what its merge would change; what main gets counts as changed as a whole.
  ['a pull request of documents', ['docs/a.md'], [], { args: [], event: 'pull_request' }],
  ['a push to main', ['docs/a.md'], EVERYTHING, { args: [], event: 'push' }],
]) {
  test(`a change of ${what} concerns ${expected.join(' and ') || 'nothing'}`, async (t) => {
    assert.deepEqual(await changed(t, paths, options), { code: 0, parts: expected });
  });
}

/** A script and all that it sources, and what these source. */
async function withLibraries(script, found = new Set()) {
  found.add(script);
  const sourced = (await read(script)).matchAll(/^ *source "(\$REPO|\$\(.+\))\/(\S+)"$/gm);
  for (const [, from, path] of sourced) {
    const library = from === '$REPO' ? path : join(dirname(script), path);
    if (!found.has(library)) await withLibraries(library, found);
  }
  return [...found];
}
// All that a deployment renders, the gateway's program, and Go, which builds the API server.
const [, RENDERED] = /cp -R "\$REPO"\/infrastructure\/\{([a-z,]+)\}/.exec(
  await read('scripts/lib/kubernetes.sh'),
);
const CLUSTER = [
  ...RENDERED.split(',').map((folder) => `infrastructure/${folder}/a.yml`),
  'infrastructure/native/requirements.txt',
  'infrastructure/native/requirements-go.txt',
];
for (const [part, scripts, more] of [
  ['images', ['scripts/image.sh'], []],
  ['cloud', ['infrastructure/terraform/check.sh'], []],
  ['cluster', ['tests/kubernetes/check.sh', 'scripts/deploy.sh', 'scripts/smoke.sh'], CLUSTER],
]) {
  test(`whatever the job of ${part} runs concerns it`, async (t) => {
    const files = (await Promise.all(scripts.map((script) => withLibraries(script)))).flat();
    assert.ok(files.includes('scripts/lib/common.sh'));
    for (const file of new Set([...files, ...more])) {
      assert.ok((await changed(t, [file])).parts.includes(part), file);
    }
  });
}

test('commits that cannot be compared are an error, not "nothing changed"', async (t) => {
  assert.equal((await changed(t, ['a'], { args: ['HEAD~5', 'HEAD'] })).code, 1);
  assert.equal((await changed(t, [])).code, 1);
});

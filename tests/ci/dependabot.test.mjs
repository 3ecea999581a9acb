/**
 * That Dependabot looks at everything that names versions, and in which pull requests it says so.
 */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { read, tracked } from './workflows.mjs';

const DEPENDABOT = parse(await read('.github/dependabot.yml'));
/** A folder, or `FOLDER/*` for those directly in it. */
const matchesGlob = (folder, pattern) =>
  pattern.endsWith('/*') ? dirname(folder) === pattern.slice(0, -2) : folder === pattern;

const folderOf = (file) => dirname(file).replace(/^\.$/, '');

/** The entries of an ecosystem that look into a folder. */
const looking = (ecosystem, folder) =>
  DEPENDABOT.updates.filter(
    (entry) =>
      entry['package-ecosystem'] === ecosystem &&
      [entry.directory ?? entry.directories].flat().some((each) => matchesGlob(`/${folder}`, each)),
  );

/** Files of `patterns` whose text has `mark`: all that Dependabot can read of an ecosystem. */
const withText = async (mark, ...patterns) => {
  const texts = await Promise.all(
    tracked(...patterns).map(async (file) => [file, await read(file)]),
  );
  return texts.filter(([, text]) => mark.test(text)).map(([file]) => file);
};

for (const [ecosystem, what, files] of [
  ['gomod', 'Go modules', () => tracked('*go.mod')],
  // Also those that are named after what they are for: requirements-lint.txt.
  ['pip', 'lists of wheels', () => tracked('*requirements*.txt')],
  ['terraform', 'providers', () => withText(/required_providers|^module /m, '*.tf')],
  ['docker-compose', 'Compose files', () => tracked('*compose*.yml')],
  // Not a list of changes to objects, which is no object itself (components/cloud-sql).
  [
    'docker',
    'manifests',
    () => withText(/^apiVersion: [^]* image: \S+:v?\d/m, 'infrastructure/kubernetes/*.yaml'),
  ],
  ['github-actions', 'actions of ours', () => tracked('.github/actions/*/action.yml')],
]) {
  test(`Dependabot looks at all ${what}, each in one place`, async () => {
    const found = await files();
    assert.ok(found.length >= 3, found.join(' '));
    for (const file of found) assert.equal(looking(ecosystem, folderOf(file)).length, 1, file);
  });
}

test('no Dockerfile names a version that only Dependabot would look at', async () => {
  const files = tracked('*Dockerfile*');
  assert.ok(files.length >= 6, files.join(' '));
  for (const file of files) {
    for (const [line] of (await read(file)).matchAll(/^FROM .+$/gm)) {
      // A variable (which it does not read), another stage, or a release of Debian without a version.
      assert.match(
        line,
        /^FROM (--platform=\S+ )?(\$\{\w+\}|[a-z]+|debian:[a-z-]+)( AS [a-z-]+)?$/,
        file,
      );
    }
  }
});

test('Dependabot looks at every npm package: each belongs to the lock file of the root', async () => {
  const { workspaces } = JSON.parse(await read('package.json'));
  const packages = tracked('*package.json').map(folderOf).filter(Boolean);
  assert.deepEqual(packages.sort(), workspaces.sort());
  assert.equal(looking('npm', '').length, 1);
});

test('what a cluster and the containers both run comes in one pull request', () => {
  assert.ok(DEPENDABOT['multi-ecosystem-groups'].containers.schedule);
  const grouped = (entry) => entry['multi-ecosystem-group'] === 'containers';
  assert.equal(DEPENDABOT.updates.filter(grouped).length, 2);
  for (const [ecosystem, folder] of [
    ['docker-compose', 'infrastructure/docker'],
    ['docker', 'infrastructure/kubernetes/base'],
  ]) {
    const [entry] = looking(ecosystem, folder).filter(grouped);
    assert.deepEqual(entry.patterns, ['*'], folder);
    // One that cannot be merged would hold up the others.
    const postgres = entry.ignore.find((each) => each['dependency-name'] === 'postgres');
    assert.ok(
      postgres['update-types'].some((type) => type.endsWith('major')),
      folder,
    );
  }
});

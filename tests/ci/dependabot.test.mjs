/**
 * That Dependabot looks at everything that names versions, and in which pull requests it says so.
 */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';

import { read, tracked } from './workflows.mjs';

/** What Dependabot is told: for each entry its ecosystem, its text, and whether it looks into a folder. */
async function dependabot() {
  const [, ...entries] = (await read('.github/dependabot.yml')).split(
    /^ {2}- package-ecosystem: /m,
  );
  return entries.map((text) => {
    const inline = /^ {4}director(?:y|ies): \[?([^\]\n]+)\]?$/m.exec(text)?.[1];
    const list = inline ? inline.split(', ') : text.match(/(?<=^ {6}- )\/\S*/gm);
    const looksInto = (folder) => list.some((each) => matchesGlob(`/${folder}`, each));
    return { ecosystem: /^\S+/.exec(text)[0], text, looksInto };
  });
}

/** A folder, or `FOLDER/*` for those directly in it. */
const matchesGlob = (folder, pattern) =>
  pattern.endsWith('/*') ? dirname(folder) === pattern.slice(0, -2) : folder === pattern;

const folderOf = (file) => dirname(file).replace(/^\.$/, '');

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
    const entries = (await dependabot()).filter((entry) => entry.ecosystem === ecosystem);
    const found = await files();
    assert.ok(found.length >= 3, found.join(' '));
    for (const file of found) {
      const here = entries.filter(({ looksInto }) => looksInto(folderOf(file)));
      assert.equal(here.length, 1, `${file}: ${here.length} entries`);
    }
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
  const entries = (await dependabot()).filter(({ ecosystem }) => ecosystem === 'npm');
  assert.equal(entries.filter(({ looksInto }) => looksInto('')).length, 1);
});

test('what a cluster and the containers both run comes in one pull request', async () => {
  const group = 'multi-ecosystem-group: containers';
  const [compose, manifests] = ['infrastructure/docker', 'infrastructure/kubernetes/base'];
  const entries = await dependabot();
  const grouped = entries.filter(({ text }) => text.includes(group));
  assert.equal(grouped.length, 2);
  for (const folder of [compose, manifests]) {
    const [entry] = grouped.filter(({ looksInto }) => looksInto(folder));
    assert.match(entry.text, /^ {4}patterns: \['\*'\]$/m, folder);
    // One that cannot be merged would hold up the others.
    assert.match(entry.text, /dependency-name: postgres, update-types: .*major/, folder);
  }
  assert.match(
    await read('.github/dependabot.yml'),
    /^multi-ecosystem-groups:\n(?: +#.*\n)* {2}containers:\n {4}schedule:/m,
  );
});

/**
 * docs/adding-a-resource.md matches the code that it changes. This does not compile the result, which takes minutes;
 * README.md explains how.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { addResource, change, isTaken, steps } from './resource.mjs';

const REPO = join(import.meta.dirname, '..', '..');

// A reader runs these tests after applying the page, and it cannot be applied twice.
const skip = isTaken(REPO) && 'this tree has the suppliers that the walk would add';

test('every change of the walk finds its place in the code of today', { skip }, (t) => {
  const tree = mkdtempSync(join(tmpdir(), 'mlp-guide-'));
  t.after(() => rmSync(tree, { recursive: true }));
  const api = join(tree, 'services', 'api');
  cpSync(join(REPO, 'services', 'api'), api, { recursive: true });
  assert.ok(!isTaken(tree));
  addResource(tree);
  assert.ok(isTaken(tree));
  assert.match(
    readFileSync(join(api, 'app', 'application.cpp'), 'utf8'),
    /include\(suppliers_router\(\)\)/,
  );
});

test('a resource is four new files, a test, and two edits', () => {
  const shown = steps();
  const added = shown.filter(({ text }) => text).map(({ path }) => path);
  const isTest = (path) => path.startsWith('tests/');
  assert.equal(added.filter((path) => !isTest(path)).length, 4);
  assert.equal(added.filter(isTest).length, 1);
  assert.equal(shown.filter(({ hunks }) => hunks).length, 2);
});

test('a change whose context is gone, or there twice, is refused', () => {
  const hunk = ' one\n+two\n';
  assert.equal(change('zero\none\nthree\n', hunk, 'a.txt'), 'zero\none\ntwo\nthree\n');
  assert.throws(() => change('none\n', hunk, 'a.txt'), /a\.txt has this 0 times, not once:\none/);
  assert.throws(() => change('one\nx\none\n', hunk, 'a.txt'), /a\.txt has this 2 times/);
});

/**
 * What runs of the workflows leave for others: caches and artifacts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FILES, jobsOf, read, stepsOf, tracked } from './workflows.mjs';

test('caches are read by every run, and written by those of main alone', async () => {
  let saves = 0;
  for (const file of FILES) {
    const text = await read(file);
    assert.doesNotMatch(text, /uses: actions\/cache@/, `${file}: it saves whatever the branch is`);
    for (const step of stepsOf(text)) {
      // Who calls our action for it decides; in there is nothing else.
      const saving = file.includes('actions/keep/')
        ? false
        : /uses: (actions\/cache\/save@|\.\/\.github\/actions\/keep$)/m.test(step);
      if (!saving) continue;
      saves += 1;
      assert.match(
        step,
        /^if: always\(\) && github\.ref == 'refs\/heads\/main'/,
        `${file}: ${step}`,
      );
    }
  }
  assert.ok(saves >= 3, `${saves}`);
  const image = await read('.github/actions/image/action.yml');
  assert.match(
    image,
    /IMAGE_CACHE: \$\{\{ github\.ref == 'refs\/heads\/main' && 'gha' \|\| 'gha-read' \}\}/,
  );
});

test('what is kept is what is looked for', async () => {
  const caches = async (name) =>
    stepsOf(await read(`.github/actions/${name}/action.yml`))
      .filter((step) => step.includes('actions/cache/'))
      .map((step) => [
        /^ +path: (.+\n(?: {10}.+\n)*)/m.exec(step)[1],
        /^ +key: (.+)$/m.exec(step)[1],
      ])
      // One that was looked up a step before.
      .filter(([, key]) => !key.includes('cache-primary-key'))
      .map((each) => each.join(' '));
  const looked = await caches('debian');
  assert.equal(looked.length, 3);
  assert.deepEqual(await caches('keep'), looked);
});

test('a changed list of tools is another set of tools', async () => {
  const action = await read('.github/actions/debian/action.yml');
  const [, list] = /hashFiles\(([^)]*requirements[^)]*)\)/.exec(action);
  const patterns = [...list.matchAll(/'([^']+)'/g)].map(([, pattern]) => pattern);
  const covered = (file) =>
    patterns.some(
      (each) => each === file || (each.includes('*') && file.startsWith(each.split('*')[0])),
    );
  const lists = tracked('*requirements*.txt', '*go-tools.txt', '*go-linters.txt', '*crds.txt');
  // Of other jobs: the API server has a cache of its own, the benchmark and the typed guide are not run there.
  const others = /^(benchmarks|tests\/guide|infrastructure\/kubernetes\/apiserver)\//;
  for (const file of lists.filter((each) => !others.test(each))) assert.ok(covered(file), file);
  for (const file of patterns) assert.ok(tracked(file)[0], file);
});

test('a run that is repeated replaces its artifacts, which else would fail it', async () => {
  let uploads = 0;
  for (const file of FILES) {
    for (const step of stepsOf(await read(file))) {
      if (!step.includes('actions/upload-artifact@')) continue;
      uploads += 1;
      assert.match(step, /^ {10}overwrite: true$/m, `${file}: ${step}`);
    }
  }
  assert.ok(uploads >= 5, `${uploads}`);
});

test('a release to staging that failed leaves the log and the pictures of its end-to-end tests', async () => {
  const steps = stepsOf((await jobsOf('cd-staging')).get('deploy'));
  const release = steps.findIndex((step) => step.includes('scripts/ci/release.sh'));
  const upload = steps[release + 1];
  assert.match(upload, /^if: failure\(\)\n +uses: actions\/upload-artifact@/);
  assert.match(upload, /^ {12}\.run\/logs\/\n {12}\.run\/reports\/$/m);
  assert.match(upload, /include-hidden-files: true/);
  // Where they are written: without RUN_DIR of its own, make e2e has that of the tree.
  assert.match(await read('tests/e2e/browser.mjs'), /join\(process\.env\.RUN_DIR .*'reports'\)/);
  assert.doesNotMatch(await read('scripts/e2e.sh'), /^RUN_DIR=/m);
});

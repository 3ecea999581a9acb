/**
 * What `make test` says at its end of the tests that failed, from the reports of the runners that it uses.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

/** A directory with these files (path -> content), removed with the test; yields its path. */
async function directory(t, files) {
  const root = await mkdtemp(join(tmpdir(), 'report-'));
  t.after(() => rm(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(root, dirname(name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

/** Both streams of a program, whatever its exit code. */
const outputOf = (program, args, options = {}) =>
  new Promise((resolve) => {
    execFile(program, args, options, (_, stdout, stderr) => resolve(stderr + stdout));
  });

/** What report.py says of these files, told these of them. */
async function reportOf(t, files, options = [], reports = [Object.keys(files)[0]]) {
  const root = await directory(t, files);
  const paths = reports.map((name) => join(root, name));
  return outputOf(join(import.meta.dirname, 'report.py'), [...options, ...paths]);
}

test('a test of node that fails is named, with what it said', async (t) => {
  const root = await directory(t, {
    'some.test.mjs':
      "import assert from 'node:assert/strict'; import { describe, test } from 'node:test';\n" +
      "describe('sums', () => { test('one', () => {}); test('two', () => assert.equal(1, 2)); });\n" +
      "test('later', { skip: true }, () => {});\n",
  });
  const report = join(root, 'report.xml');
  // Without the variable by which the runner of this test would take part in the other's run.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const reporter = ['--test-reporter=junit', `--test-reporter-destination=${report}`];
  await outputOf(process.execPath, ['--test', ...reporter, join(root, 'some.test.mjs')], { env });

  const output = await outputOf(join(import.meta.dirname, 'report.py'), [report]);
  assert.match(output, /^1 1 1\n- two\n {4}.*Expected values to be strictly equal/s);
});

const ctest = (...programs) => `<testsuite>${programs.join('')}</testsuite>`;
const failed = (name, wrote) =>
  `<testcase name="${name}" status="fail"><failure message=""/><system-out>${wrote}</system-out></testcase>`;

test('what a test program says of its tests is counted, not the program', async (t) => {
  const files = {
    'unit.xml': ctest(failed('pool_tests', 'all of it'), '<testcase name="url_tests"/>'),
    'unit/pool_tests.xml':
      '<testsuites><testsuite name="Pool"><testcase name="Waits" classname="Pool" time="2">' +
      '<failure message="x">pool.cpp:7: not empty</failure></testcase>' +
      '<testcase name="Ends" classname="Pool"/>' +
      '<testcase name="Later" classname="Pool"><skipped message="no server"/></testcase></testsuite></testsuites>',
    'unit/url_tests.xml': '<testsuites><testcase name="Reads" classname="Url"/></testsuites>',
  };
  const output = await reportOf(t, files);
  assert.equal(output, '2 1 1\n- Pool.Waits\n    pool.cpp:7: not empty');
  const slowest = await reportOf(t, files, ['--slowest', '1']);
  assert.match(slowest, /^ +2\.0 s {2}unit: Pool\.Waits$/m);
});

test('a program that crashed names the test in which it did, with both ends of what it wrote', async (t) => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
  const begun = '[ RUN      ] Pool.Ends\n[       OK ] Pool.Ends (0 ms)\n[ RUN      ] Pool.Waits';
  const files = {
    'unit.xml': ctest(failed('pool_tests', `${begun}\n${lines}`), '<testcase name="url_tests"/>'),
    'unit/url_tests.xml': '<testsuites><testcase name="Reads" classname="Url"/></testsuites>',
  };
  const output = await reportOf(t, files);
  assert.match(
    output,
    /^1 1 0\n- pool_tests ended, in Pool\.Waits\n.* {4}\.\.\.\n {4}line 84\n.* {4}line 99$/s,
  );
  assert.doesNotMatch(output, /line 83/m);
});

test('a program whose tests all passed, but that ended badly, failed', async (t) => {
  const files = {
    'unit.xml': ctest(failed('url_tests', 'LeakSanitizer: detected memory leaks')),
    'unit/url_tests.xml': '<testsuites><testcase name="Reads" classname="Url"/></testsuites>',
  };
  const output = await reportOf(t, files);
  assert.equal(output, '1 1 0\n- url_tests ended\n    LeakSanitizer: detected memory leaks');
});

test('a file that Vitest cannot load counts as a test that failed', async (t) => {
  const output = await reportOf(t, {
    'react.json': JSON.stringify({
      testResults: [
        { name: 'a.test.tsx', status: 'failed', message: 'no such module', assertionResults: [] },
        {
          name: 'b.test.tsx',
          status: 'failed',
          assertionResults: [
            { fullName: 'list sorts', status: 'passed', failureMessages: [] },
            { fullName: 'list filters', status: 'pending', failureMessages: [] },
            {
              fullName: 'list shows rows',
              status: 'failed',
              failureMessages: ['\u001b[31mgot 2\u001b[39m'],
            },
          ],
        },
      ],
    }),
  });
  assert.equal(output, '1 2 1\n- a.test.tsx\n    no such module\n- list shows rows\n    got 2');
});

test('colours in what a test wrote do not make its report unreadable', async (t) => {
  const files = {
    'e2e.xml':
      '<testsuite><testcase name="a"><failure>\u001b[2mgot\u001b[22m 2</failure></testcase></testsuite>',
  };
  assert.match(await reportOf(t, files), /^0 1 0\n- a\n {4}.*got.* 2$/);
});

test('a broken report counts nothing, and is named', async (t) => {
  const output = await reportOf(t, { 'broken.xml': '<testsuite>' });
  assert.match(output, /broken\.xml: /);
  assert.match(output, /^0 0 0$/m);
});

test('the slowest tests of all reports come first, each with its suite', async (t) => {
  const files = {
    'unit.xml':
      '<testsuite><testcase name="a" time="0.5"/><testcase name="b" time="3"/></testsuite>',
    'react.json': JSON.stringify({
      testResults: [
        {
          status: 'passed',
          assertionResults: [
            { fullName: 'c', status: 'passed', failureMessages: [], duration: 1500 },
            { fullName: 'd', status: 'passed', failureMessages: [] },
          ],
        },
      ],
    }),
  };
  const reports = ['unit.xml', 'react.json', 'missing.xml'];
  const output = await reportOf(t, files, ['--slowest', '2'], reports);
  assert.match(output, /^ +3\.0 s {2}unit: b\n +1\.5 s {2}react: c$/m);
  assert.doesNotMatch(output, /: [ad]$/m);
});

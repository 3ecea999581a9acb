/**
 * What `make test` says at its end of the tests that failed, from the reports of the runners that it uses.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';

async function reportOf(t, name, content) {
  const box = await sandbox(t, { files: { [name]: content } });
  return box.run('scripts/lib/test_report.py', [box.path(name)]);
}

test('a test of node that fails is named, with what it said', async (t) => {
  const box = await sandbox(t, {
    files: {
      'some.test.mjs':
        "import assert from 'node:assert/strict'; import { describe, test } from 'node:test';\n" +
        "describe('sums', () => { test('one', () => {}); test('two', () => assert.equal(1, 2)); });\n" +
        "test('later', { skip: true }, () => {});\n",
    },
  });
  const report = box.path('report.xml');
  // Without the variable by which the runner of this test would take part in the other's run.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const args = [
    '--test',
    '--test-reporter=junit',
    `--test-reporter-destination=${report}`,
    box.path('some.test.mjs'),
  ];
  await new Promise((resolve) => execFile(process.execPath, args, { env }, resolve));

  const { code, output } = await box.run('scripts/lib/test_report.py', [report]);
  assert.equal(code, 0, output);
  assert.match(output, /^1 1 1\n- two\n {4}.*Expected values to be strictly equal/s);
});

test('what a test of ctest wrote is shown by its two ends, for it gives no other reason', async (t) => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
  const { output } = await reportOf(
    t,
    'unit.xml',
    `<testsuite><testcase name="Pool.Waits" status="fail"><failure message=""/><system-out>${lines}</system-out>` +
      '</testcase><testcase name="Pool.Ends" status="run"><system-out>fine</system-out></testcase></testsuite>',
  );
  assert.match(
    output,
    /^1 1 0\n- Pool\.Waits\n {4}line 0\n.* {4}line 7\n {4}\.\.\.\n {4}line 84\n.* {4}line 99$/s,
  );
  assert.doesNotMatch(output, /line 8$|line 83|fine/m);
});

test('a file that Vitest cannot load counts as a test that failed', async (t) => {
  const { output } = await reportOf(
    t,
    'react.json',
    JSON.stringify({
      numPassedTests: 3,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [
        { name: 'a.test.tsx', status: 'failed', message: 'no such module', assertionResults: [] },
        {
          name: 'b.test.tsx',
          status: 'failed',
          assertionResults: [
            {
              fullName: 'list shows rows',
              status: 'failed',
              failureMessages: ['\u001b[31mgot 2\u001b[39m'],
            },
          ],
        },
      ],
    }),
  );
  assert.equal(output, '3 2 0\n- a.test.tsx\n    no such module\n- list shows rows\n    got 2');
});

test('a broken report counts nothing, and is named', async (t) => {
  const { output } = await reportOf(t, 'broken.xml', '<testsuite>');
  assert.match(output, /broken\.xml: /);
  assert.match(output, /^0 0 0$/m);
});

test('the slowest tests of all reports come first, each with its suite', async (t) => {
  const box = await sandbox(t, {
    files: {
      'unit.xml':
        '<testsuite><testcase name="a" time="0.5"/><testcase name="b" time="3"/></testsuite>',
      'react.json': JSON.stringify({
        testResults: [{ assertionResults: [{ fullName: 'c', duration: 1500 }, { fullName: 'd' }] }],
      }),
    },
  });
  const reports = ['unit.xml', 'react.json', 'missing.xml'].map(box.path);
  const { code, output } = await box.run('scripts/lib/test_report.py', [
    '--slowest',
    '2',
    ...reports,
  ]);
  assert.equal(code, 0, output);
  assert.match(output, /^ +3\.0 s {2}unit: b\n +1\.5 s {2}react: c$/m);
  assert.doesNotMatch(output, /: [ad]$/m);
});

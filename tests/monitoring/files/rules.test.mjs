/**
 * Prometheus' rules and Alertmanager's routes are valid and pass their unit tests, and each alert has a
 * runbook and a test.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { parse } from 'yaml';

import { queriesTo } from '../dashboards.mjs';
import { metricNames } from '../queries.mjs';

const run = promisify(execFile);
const REPO = join(import.meta.dirname, '..', '..', '..');
const PROMETHEUS = join(REPO, 'infrastructure', 'prometheus');
const MONITORING_IN_CLUSTER = join(
  REPO,
  'infrastructure',
  'kubernetes',
  'components',
  'monitoring',
);
const ALERTMANAGER = join(REPO, 'infrastructure', 'alertmanager', 'alertmanager.yml');
const RUNBOOKS = join(REPO, 'docs', 'runbooks');

const filesIn = (...path) => {
  const directory = join(PROMETHEUS, ...path);
  return readdirSync(directory).map((file) => join(directory, file));
};
const read = (file) => parse(readFileSync(file, 'utf8'));
const rulesOf = (file) => read(file).groups.flatMap(({ rules }) => rules);

const alerts = filesIn('alerts').flatMap(rulesOf);
const records = filesIn('rules').flatMap(rulesOf);
const names = [...new Set(alerts.map(({ alert }) => alert))].sort();

test('promtool finds nothing wrong in the configuration and its rules', async () => {
  await run('promtool', ['check', 'config', join(PROMETHEUS, 'prometheus.yml')]);
});

test('promtool finds nothing wrong in the configuration of the cluster', async (t) => {
  const text = readFileSync(join(MONITORING_IN_CLUSTER, 'prometheus.yml'), 'utf8');
  // Debian's promtool has no Kubernetes service discovery, so replace it.
  const config = text.replace(
    /kubernetes_sd_configs:\n {6}- role: pod\n {8}namespaces: \{ own_namespace: true \}\n/,
    'file_sd_configs: [{ files: [/none/*.yml] }]\n',
  );
  assert.notEqual(config, text);
  const directory = mkdtempSync(join(tmpdir(), 'mlp-prometheus-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'prometheus.yml'), config);
  await run('promtool', ['check', 'config', join(directory, 'prometheus.yml')]);
});

for (const file of filesIn('tests')) {
  test(`unit tests of rules: ${file.slice(PROMETHEUS.length + 1)}`, async () => {
    await run('promtool', ['test', 'rules', file]);
  });
}

test('amtool finds nothing wrong in the configuration of Alertmanager', async () => {
  await run('amtool', ['check-config', ALERTMANAGER]);
});

test('a page goes to page, a ticket to ticket', async () => {
  for (const severity of ['page', 'ticket']) {
    const routes = ['config', 'routes', 'test', `--config.file=${ALERTMANAGER}`];
    const { stdout } = await run('amtool', [...routes, `severity=${severity}`, 'alertname=Any']);
    assert.equal(stdout.trim(), severity);
  }
});

test('alerts and recordings are in files of their own', () => {
  assert.ok(alerts.length > 0 && alerts.every(({ alert }) => alert));
  assert.ok(records.length > 0 && records.every(({ record }) => record));
});

test('names of recordings are level:metric:operations', () => {
  for (const { record } of records) assert.match(record, /^[a-z_]+:[a-z_]+:[a-z0-9_]+$/);
});

test('each recording is read by another rule, an alert, a dashboard or a runbook', () => {
  const expressions = [...records, ...alerts, ...queriesTo('prometheus')].map(({ expr }) => expr);
  const runbooks = readdirSync(RUNBOOKS).map((file) => readFileSync(join(RUNBOOKS, file), 'utf8'));
  // With any values for the dashboards' variables: no recorded name depends on them.
  const read = new Set(
    expressions.flatMap((expr) => metricNames(expr.replaceAll('$interval', '1m'))),
  );
  for (const { record } of records) {
    const inRunbook = runbooks.some((text) => text.includes(record));
    assert.ok(read.has(record) || inRunbook, `nobody reads ${record}`);
  }
});

test('burn rates of one objective differ in their window, and in nothing else', () => {
  for (const kind of ['errors', 'slow']) {
    const burnRates = records.filter(({ record }) =>
      record.startsWith(`job:slo_${kind}:burn_rate`),
    );
    const windows = burnRates.map(({ record }) => record.match(/burn_rate(\w+)$/)[1]);
    assert.deepEqual(windows, ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '30d']);
    // The shortest window is computed from the rates that the others sum up.
    const [, first, ...others] = burnRates.map(({ expr }, index) =>
      expr.replaceAll(`[${windows[index]}]`, '[window]'),
    );
    assert.ok(first.includes('[window]'));
    for (const expr of others) assert.equal(expr, first);
  }
});

for (const { alert, labels, annotations } of alerts) {
  test(`${alert} says what it is and what to do`, () => {
    assert.match(labels.severity, /^(page|ticket)$/);
    assert.ok(annotations.summary && annotations.description);
    assert.equal(annotations.runbook_url, `docs/runbooks/${alert}.md`);
  });
}

test('each alert has a runbook with its four parts, and each runbook an alert', () => {
  const runbooks = readdirSync(RUNBOOKS).filter((file) => file !== 'README.md');
  assert.deepEqual(
    runbooks.sort(),
    names.map((name) => `${name}.md`),
  );
  const index = readFileSync(join(RUNBOOKS, 'README.md'), 'utf8');
  for (const name of names) {
    const text = readFileSync(join(RUNBOOKS, `${name}.md`), 'utf8');
    assert.ok(text.startsWith(`# ${name}\n`), `${name}.md has another title`);
    for (const part of ['What it means', 'How to see', 'How to cause it', 'What to do']) {
      assert.ok(text.includes(`\n## ${part}\n`), `${name}.md lacks: ${part}`);
    }
    assert.ok(index.includes(`(${name}.md)`), `README.md does not list ${name}`);
  }
});

test('each alert is tested, both when it fires and when it does not', () => {
  const cases = filesIn('tests')
    .flatMap((file) => read(file).tests)
    .flatMap(({ alert_rule_test: checks }) => checks ?? []);
  for (const name of names) {
    const expected = cases.filter(({ alertname }) => alertname === name);
    const fires = ({ exp_alerts: found }) => (found ?? []).length > 0;
    assert.ok(expected.some(fires), `no test makes ${name} fire`);
    assert.ok(!expected.every(fires), `no test keeps ${name} silent`);
  }
});

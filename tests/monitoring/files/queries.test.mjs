/**
 * Every query of every dashboard is valid PromQL or LogQL, and its recorded series and labels exist.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { interpolate, placeholders, queriesTo, REPO } from '../dashboards.mjs';
import { logqlMistakes, metricNames, promqlMistakes, streamLabels } from '../queries.mjs';

const promql = queriesTo('prometheus').map((query) => ({
  ...query,
  text: interpolate(query.expr, placeholders(query.dashboard)),
}));
const logql = queriesTo('loki').map((query) => ({
  ...query,
  text: interpolate(query.expr, placeholders(query.dashboard)),
}));

test('the parsers find mistakes', () => {
  for (const text of ['sum(rate(a[5m])', 'rate(a[5x])', 'a{b=c}', 'sum by a (b)', '', 'a b']) {
    assert.notDeepEqual(promqlMistakes(text), [], text);
  }
  for (const text of ['{a="b"', '{a=b}', '{a="b"} | jsn=', 'rate({a="b"})', '']) {
    assert.notDeepEqual(logqlMistakes(text), [], text);
  }
  assert.deepEqual(metricNames('sum(rate(a{b="c"}[5m])) / d or vector(0)'), ['a', 'd']);
});

for (const { where, text } of promql) {
  test(`PromQL, ${where}`, () => assert.deepEqual(promqlMistakes(text), [], text));
}

for (const { where, text } of logql) {
  test(`LogQL, ${where}`, () => {
    assert.deepEqual(logqlMistakes(text), [], text);
    // The labels that infrastructure/alloy/pipeline.alloy keeps; everything else is in the line.
    for (const label of streamLabels(text.slice(0, text.indexOf('}') + 1))) {
      assert.ok(['service', 'level', 'environment'].includes(label), `no label: ${label}`);
    }
  });
}

test('a query that reads JSON says what becomes of a line that is none', () => {
  const reading = logql.filter(({ text }) => text.includes('| json'));
  assert.notDeepEqual(reading, []);
  // A comparison does not remove such a line (Loki keeps lines that it cannot compare), and one such line makes a numeric
  // query fail. The filter must come last, because a comparison can also fail.
  for (const { where, text } of reading) {
    assert.match(text, /\| __error__=""(?: \[\w+\]\)|$)/, where);
  }
});

test('lines whose values are compared are grouped by name', () => {
  // Every line has another trace_id, so each line would be a series. Only for `sum by`, Loki groups lines before it counts
  // them.
  for (const { where, text } of logql.filter((query) => query.text.includes('| unwrap'))) {
    assert.match(text, /\w_over_time\(.*\) by \(\w+\)$/, where);
  }
});

test('recorded series are recorded by a rule', () => {
  const directory = join(REPO, 'infrastructure', 'prometheus', 'rules');
  const recorded = new Set(
    readdirSync(directory)
      .flatMap((file) => parse(readFileSync(join(directory, file), 'utf8')).groups)
      .flatMap(({ rules }) => rules.map(({ record }) => record)),
  );
  const used = promql.flatMap(({ text }) => metricNames(text)).filter((name) => name.includes(':'));
  assert.notDeepEqual(used, []);
  for (const name of used) assert.ok(recorded.has(name), `${name} is recorded by no rule`);
});

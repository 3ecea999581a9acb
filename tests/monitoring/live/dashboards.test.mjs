/**
 * Every PromQL query of every dashboard, run against the real Prometheus while the platform is used
 * and broken: one that finds nothing is a panel that says "No data" when it is needed. Then the way
 * from a point of a graph to the log lines behind it.
 *
 * There is no list of exceptions: what is empty while all is well is provoked here, also what a
 * query replaces by 0 (`or vector(0)`).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { start, stop } from '../../e2e/platform.mjs';
import { waitFor } from '../../e2e/support.mjs';
import { dashboards, interpolate, queriesTo, withoutFallback } from '../dashboards.mjs';
import { exemplarsOf, labelValues, valuesOf } from './prometheus.mjs';
import { countFaults, removeFaults, setFault, startTraffic } from './traffic.mjs';

const { JAEGER_PORT, LOG_DIR, MONITORING_PARTS = '' } = process.env;
const NO_JAEGER = !MONITORING_PARTS.split(' ').includes('jaeger') && 'Jaeger is not installed';

// A rule over days is evaluated once a minute, from rules of 30 s, from rates of two scrapes.
const PATIENCE_SECONDS = 180;

const begin = Date.now() / 1000;
let stopTraffic;

before(async () => {
  stopTraffic = startTraffic();
  // The crash takes this fault with it, which shows that another process answers now.
  assert.ok(await setFault({ route: '/v1/items/stats', crash: true }));
  await waitFor('the API has crashed and is back', async () => (await countFaults()) === 0);
  assert.ok(await setFault({ route: '/v1/items', error: { ratio: 0.3, status: 500 } }));
  await stop('dash');
  try {
    const dash = 'up{job="dash"} == 0';
    await waitFor('a target is down', async () => (await valuesOf(dash, false)).length > 0);
  } finally {
    await start('dash');
  }
});

after(async () => {
  await stopTraffic();
  await removeFaults();
});

/** What Grafana puts in for a variable: of several values, a regular expression that is any of them. */
async function valueOf({ name, type, query, regex }) {
  if (type === 'interval') return '1m';
  if (type === 'textbox') return query;
  const [, match, label] = query.query.match(/^label_values\((.+), (\w+)\)$/);
  const pattern = new RegExp(regex?.slice(1, -1) ?? '.*');
  const chosen = (await labelValues(label, match))
    .map((value) => value.match(pattern))
    .filter(Boolean)
    // The first group is the value, where the expression has one.
    .map((found) => found[found.length > 1 ? 1 : 0]);
  assert.ok(chosen.length > 0, `$${name} has no value`);
  const escaped = chosen.map((value) => value.replaceAll(/[\\{}.^$*+?()[\]|]/g, String.raw`\\$&`));
  return `(${escaped.join('|')})`;
}

async function variablesOf(dashboard) {
  const asked = dashboard.templating.list.filter(({ datasource }) => datasource?.uid !== 'loki');
  const pairs = await Promise.all(asked.map(async (each) => [each.name, await valueOf(each)]));
  return Object.fromEntries(pairs);
}

for (const { json } of dashboards) {
  test(`every query of the dashboard ${json.uid} finds something`, async () => {
    let unanswered = queriesTo('prometheus').filter(({ dashboard }) => dashboard === json);
    const answered = async () => {
      const variables = await variablesOf(json);
      const still = [];
      for (const query of unanswered) {
        const text = interpolate(withoutFallback(query.expr), variables);
        // What was provoked may be over: then it is to be found in the past.
        const inThePast = query.range || withoutFallback(query.expr) !== query.expr;
        const found = await valuesOf(text, inThePast, begin);
        if (found.length === 0) still.push({ ...query, text });
      }
      unanswered = still;
      return unanswered.length === 0;
    };
    await waitFor('values', answered, PATIENCE_SECONDS).catch((error) => {
      const list = unanswered.map(({ where, text }) => `  ${where}: ${text}`).join('\n');
      assert.fail(`${error.message}\nNothing comes from:\n${list}`);
    });
  });
}

/** The lines of our services that carry a trace id. */
async function linesOf(trace) {
  const logs = ['api', 'dash'].map((name) => readFile(join(LOG_DIR, `${name}.log`), 'utf8'));
  const lines = (await Promise.all(logs)).join('').split('\n');
  return lines.filter((line) => line.includes(trace)).map((line) => JSON.parse(line));
}

const withExemplars = queriesTo('prometheus').filter(({ exemplar }) => exemplar);

test('both dashboards of services have exemplars to follow', () => {
  const uids = new Set(withExemplars.map(({ dashboard }) => dashboard.uid));
  assert.deepEqual([...uids], ['api', 'dash']);
});

for (const { dashboard, expr, where } of withExemplars) {
  test(`a point leads to its trace and its lines, ${where}`, { skip: NO_JAEGER }, async () => {
    const query = interpolate(expr, await variablesOf(dashboard));
    const exemplar = (await exemplarsOf(query, begin)).at(-1);
    assert.ok(exemplar, 'there is no exemplar');
    // The label that datasources.yml names.
    const trace = exemplar.labels.trace_id;
    await waitFor(`Jaeger has the trace ${trace}`, async () => {
      const reply = await fetch(`http://127.0.0.1:${JAEGER_PORT}/api/traces/${trace}`);
      return reply.ok && (await reply.json()).data[0].spans.length > 0;
    });
    const lines = await linesOf(trace);
    assert.ok(lines.length > 0, `no line has the trace ${trace}`);
    for (const line of lines) assert.equal(line.trace_id, trace);
  });
}

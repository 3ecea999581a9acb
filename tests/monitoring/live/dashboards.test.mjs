/**
 * Runs every PromQL query of every dashboard against the real Prometheus, while visitors use the platform
 * and faults break it. A query without a result would be a panel with "No data". Then follows the links from a
 * point of a graph to its trace and its log lines.
 *
 * There is no list of exceptions: the test provokes data for queries that are empty in normal operation, also
 * for those that return 0 then (`or vector(0)`).
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

// A rule over days runs once a minute and reads rules that run every 30 s, which need two scrapes.
const PATIENCE_SECONDS = 180;

const begin = Date.now() / 1000;
let stopTraffic;

before(async () => {
  stopTraffic = startTraffic();
  // The crash removes this fault. When it is gone, the new process answers.
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

/** The value of a variable as Grafana inserts it: several values become a regular expression. */
async function valueOf({ name, type, query, regex }) {
  if (type === 'interval') return '1m';
  if (type === 'textbox') return query;
  const [, match, label] = query.query.match(/^label_values\((.+), (\w+)\)$/);
  const pattern = new RegExp(regex?.slice(1, -1) ?? '.*');
  const chosen = (await labelValues(label, match))
    .map((value) => value.match(pattern))
    .filter(Boolean)
    // If the expression has a group, the first one is the value.
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
        // The provoked fault may be over: then look for it in the past.
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

/** The log lines of our services that have a trace id. */
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

/**
 * The monitoring of the instance under test, as `make monitoring-up` starts it: everything is scraped, every
 * rule evaluates, a real fault raises its alert, and a request's metric leads to its trace. The rules are the
 * real ones; unit tests (infrastructure/prometheus/tests) cover their long windows.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { start, stop } from '../../e2e/platform.mjs';
import { API_URL, BASE_URL, waitFor } from '../../e2e/support.mjs';
import { exemplarsOf, get, valuesOf } from './prometheus.mjs';
import { removeFaults, send, setFault, startTraffic } from './traffic.mjs';

const run = promisify(execFile);
const { ALERTMANAGER_PORT, JAEGER_PORT, MONITORING_PARTS = '' } = process.env;
const NO_JAEGER = !MONITORING_PARTS.split(' ').includes('jaeger') && 'Jaeger is not installed';

async function getJson(url) {
  const reply = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  assert.equal(reply.status, 200, `${url}: ${reply.status}`);
  return reply.json();
}

/** The value of a query that yields one number. */
async function valueOf(query) {
  const values = await valuesOf(query, false);
  assert.ok(values.length <= 1, `${query} yields ${values.length} series`);
  return values[0];
}

/** The state of an alert in Prometheus: inactive, pending or firing. */
async function stateOf(name, labels = {}) {
  const { alerts } = await get('alerts');
  const wanted = Object.entries({ alertname: name, ...labels });
  const found = alerts.filter((alert) =>
    wanted.every(([key, value]) => alert.labels[key] === value),
  );
  return found.some(({ state }) => state === 'firing') ? 'firing' : (found[0]?.state ?? 'inactive');
}

/** The alerts that Alertmanager has received and does not suppress. */
const delivered = () =>
  getJson(`http://127.0.0.1:${ALERTMANAGER_PORT}/api/v2/alerts?inhibited=false`);

/** Repeats a single request. */
const startAsking = (url) => startTraffic(() => send('GET', url));

// Remove faults that earlier tests have set.
before(removeFaults);

test('every part of the platform and of the monitoring is scraped', async () => {
  const { activeTargets } = await get('targets', { state: 'active' });
  const up = activeTargets.filter(({ health }) => health === 'up').map(({ labels }) => labels.job);
  const always = ['alertmanager', 'api', 'dash', 'node', 'postgres', 'prometheus', 'traefik'];
  for (const job of always) assert.ok(up.includes(job), `${job} is not up: ${up}`);
  for (const { labels, health, lastError } of activeTargets) {
    assert.equal(health, 'up', `${labels.job}: ${lastError}`);
  }
  assert.equal(await valueOf('pg_up'), 1);
});

test('every rule evaluates without an error', async () => {
  const rules = await waitFor(
    'each rule is evaluated',
    async () => {
      const { groups } = await get('rules');
      const all = groups.flatMap((group) => group.rules);
      return all.every(({ health }) => health !== 'unknown') && all;
    },
    90,
  );
  assert.ok(rules.length > 40, `${rules.length} rules`);
  for (const { name, health, lastError } of rules)
    assert.equal(health, 'ok', `${name}: ${lastError}`);
});

test('traffic shows in the recorded rates, and its exemplars name traces', async () => {
  const stopTraffic = startAsking(`${BASE_URL}/api/v1/items`);
  const begin = Date.now() / 1000;
  try {
    await waitFor(
      'the rate is above 0',
      async () => (await valueOf('job:http_server_requests:rate5m{job="api"}')) > 0,
      60,
    );
    await waitFor(
      'the gateway counts as well',
      async () => (await valueOf('service:traefik_router_requests:rate5m{service=~"api@.+"}')) > 0,
      60,
    );
    if (NO_JAEGER) return;
    const exemplars = await waitFor(
      'an exemplar',
      async () => {
        const query = 'http_server_request_duration_seconds_bucket{job="api", route="/v1/items"}';
        const found = await exemplarsOf(query, begin - 60);
        return found.length > 0 && found;
      },
      60,
    );
    for (const { labels } of exemplars) assert.match(labels.trace_id, /^[0-9a-f]{32}$/);
  } finally {
    await stopTraffic();
  }
});

test(
  'a request can be followed through gateway, API and database',
  { skip: NO_JAEGER },
  async () => {
    const trace = randomBytes(16).toString('hex');
    const parent = randomBytes(8).toString('hex');
    const reply = await fetch(`${BASE_URL}/api/v1/items?limit=1`, {
      headers: { traceparent: `00-${trace}-${parent}-01` },
    });
    assert.equal(reply.status, 200);
    const url = `http://127.0.0.1:${JAEGER_PORT}/api/traces/${trace}`;
    const { spans, processes } = await waitFor('the trace is complete', async () => {
      const [found] = (await getJson(url)).data;
      const services = new Set(
        Object.values(found.processes).map(({ serviceName }) => serviceName),
      );
      return services.has('traefik') && services.has('api') && found;
    });
    const names = spans.map(
      ({ processID, operationName }) => `${processes[processID].serviceName}: ${operationName}`,
    );
    assert.ok(names.includes('api: GET /v1/items'), names.join(', '));
    assert.ok(
      names.some((name) => name.startsWith('api: items.list')),
      names.join(', '),
    );
  },
);

test('a share of failing requests pages, and Alertmanager hears of it', async () => {
  assert.ok(await setFault({ route: '/v1/items', error: { ratio: 0.5, status: 500 } }));
  const stopTraffic = startAsking(`${API_URL}/v1/items?limit=1`);
  try {
    await waitFor(
      'ApiErrorBudgetBurnsFast fires',
      async () => (await stateOf('ApiErrorBudgetBurnsFast')) === 'firing',
      150,
    );
    const alert = await waitFor('Alertmanager has it', async () =>
      (await delivered()).find(({ labels }) => labels.alertname === 'ApiErrorBudgetBurnsFast'),
    );
    assert.deepEqual(alert.receivers, [{ name: 'page' }]);
    assert.equal(alert.annotations.runbook_url, 'docs/runbooks/ApiErrorBudgetBurnsFast.md');
  } finally {
    await stopTraffic();
    await removeFaults();
  }
});

test('a service that is stopped is noticed, and forgotten when it is back', async () => {
  await stop('dash');
  try {
    await waitFor(
      'TargetDown is pending',
      async () => (await stateOf('TargetDown', { job: 'dash' })) !== 'inactive',
      40,
    );
    await waitFor(
      'TargetDown fires',
      async () => (await stateOf('TargetDown', { job: 'dash' })) === 'firing',
      90,
    );
  } finally {
    await start('dash');
  }
  await waitFor(
    'TargetDown is over',
    async () => (await stateOf('TargetDown', { job: 'dash' })) === 'inactive',
    40,
  );
});

test('the role of the exporter sees statistics and no table', async () => {
  const { POSTGRES_PORT, POSTGRES_DB, POSTGRES_EXPORTER_USER, POSTGRES_EXPORTER_PASSWORD } =
    process.env;
  const psql = (sql) =>
    run(
      'psql',
      [
        '--no-psqlrc',
        '--tuples-only',
        '--no-align',
        '--host=127.0.0.1',
        `--port=${POSTGRES_PORT}`,
        `--username=${POSTGRES_EXPORTER_USER}`,
        `--dbname=${POSTGRES_DB}`,
        `--command=${sql}`,
      ],
      { env: { ...process.env, PGPASSWORD: POSTGRES_EXPORTER_PASSWORD } },
    );
  const { stdout } = await psql('SELECT count(*) > 0 FROM pg_stat_activity');
  assert.equal(stdout.trim(), 't');
  for (const sql of ['SELECT * FROM items', 'CREATE TABLE mine (id int)', 'CREATE ROLE other']) {
    await assert.rejects(psql(sql), /permission denied|read-only/, sql);
  }
});

/**
 * The running Alertmanager mutes redundant tickets while other alerts fire, and never a page. The test sends its own
 * alerts, and ends them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { waitFor } from '../../e2e/support.mjs';

const ALERTS = `http://127.0.0.1:${process.env.ALERTMANAGER_PORT}/api/v2/alerts`;
// Distinguishes the test's alerts from those of Prometheus.
const MADE_UP = { made_up: 'inhibitions' };

const page = (alertname, labels) => ({ alertname, severity: 'page', ...labels });
const ticket = (alertname, labels) => ({ alertname, severity: 'ticket', ...labels });
const API = { job: 'api', instance: 'api:8000' };
const DASH = { job: 'dash', instance: 'dash:8050' };

// Objectives of the test, so that alerts of real ones have no effect.
const [SLO, OTHER_SLO] = ['made-up', 'other'];

const PAGES = [
  page('ApiErrorBudgetBurnsFast', { job: 'api', slo: SLO }),
  page('GatewayErrors', { entrypoint: 'web' }),
  page('DatabaseQueueFilling', API),
];
const TICKETS = [
  ticket('ApiLatencyBudgetBurnsSlowly', { job: 'api', slo: OTHER_SLO }),
  ticket('DashboardWithoutApi', DASH),
  ticket('ServiceRestarting', API),
  ticket('ServiceRestarting', DASH),
  ticket('ServiceMemoryHigh', API),
];

/** Sends alerts that begin now and are over at `end`. */
async function send(alerts, end) {
  const labelled = alerts.map((labels) => ({ labels: { ...labels, ...MADE_UP }, endsAt: end }));
  const reply = await fetch(ALERTS, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(labelled),
    signal: AbortSignal.timeout(10_000),
  });
  assert.equal(reply.status, 200, await reply.text());
}

/** The test's alerts in Alertmanager. */
async function received() {
  const url = `${ALERTS}?filter=${encodeURIComponent('made_up="inhibitions"')}`;
  const reply = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  assert.equal(reply.status, 200);
  return reply.json();
}

const nameOf = ({ alertname, job }) => (job ? `${alertname} of ${job}` : alertname);

/**
 * Fires these alerts and returns the muted ones: { target: source }. The last one must mute something: Alertmanager
 * processes alerts in order, so it has then processed all.
 */
async function mutedBy(all) {
  const minute = new Date(Date.now() + 60_000).toISOString();
  await send(all, minute);
  const alerts = await waitFor('Alertmanager has taken note of the sources', async () => {
    const found = await received();
    const anyMuted = found.some(({ status }) => status.inhibitedBy.length > 0);
    return found.length === all.length && anyMuted && found;
  });
  await send(all, new Date().toISOString());
  await waitFor('they are over', async () => (await received()).length === 0);
  const names = new Map(alerts.map(({ fingerprint, labels }) => [fingerprint, nameOf(labels)]));
  const muted = alerts.filter(({ status }) => status.inhibitedBy.length > 0);
  return Object.fromEntries(
    // An alert of Prometheus has no such name.
    muted.map(({ labels, status }) => [
      nameOf(labels),
      names.get(status.inhibitedBy[0]) ?? 'another alert',
    ]),
  );
}

test('without its database the API fails slowly and the dashboard has old data: no more tickets', async () => {
  const source = page('PostgresDown', { job: 'postgres' });
  assert.deepEqual(await mutedBy([...PAGES, ...TICKETS, source]), {
    'ApiLatencyBudgetBurnsSlowly of api': 'PostgresDown of postgres',
    'DashboardWithoutApi of dash': 'PostgresDown of postgres',
  });
});

test('while the API is down, so are these, and its own restarts', async () => {
  const source = page('TargetDown', API);
  assert.deepEqual(await mutedBy([...PAGES, ...TICKETS, source]), {
    'ApiLatencyBudgetBurnsSlowly of api': 'TargetDown of api',
    'DashboardWithoutApi of dash': 'TargetDown of api',
    'ServiceRestarting of api': 'TargetDown of api',
  });
});

test('while another service is down, only its restarts say nothing new', async () => {
  const source = page('TargetDown', DASH);
  assert.deepEqual(await mutedBy([...PAGES, ...TICKETS, source]), {
    'ServiceRestarting of dash': 'TargetDown of dash',
  });
});

test('a page for an objective mutes the ticket for the same one', async () => {
  const tickets = [ticket('ApiErrorBudgetBurnsSlowly', { job: 'api', slo: SLO }), ...TICKETS];
  assert.deepEqual(await mutedBy([...tickets, ...PAGES]), {
    'ApiErrorBudgetBurnsSlowly of api': 'ApiErrorBudgetBurnsFast of api',
  });
});

test('a machine that is short of memory does not hide the service that takes it', async () => {
  // The muted restart shows that the other two alerts have arrived.
  const alerts = [
    ticket('HostMemoryLow', { instance: 'node:9100' }),
    ...TICKETS,
    page('TargetDown', DASH),
  ];
  assert.deepEqual(await mutedBy(alerts), { 'ServiceRestarting of dash': 'TargetDown of dash' });
});

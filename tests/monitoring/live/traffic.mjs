/**
 * Simulated visitors: requests through the gateway for every panel of the dashboards, and faults, so that there are
 * also errors, retries and restarts.
 */
import assert from 'node:assert/strict';

import { BASE_URL, breathe } from '../../e2e/support.mjs';

const API = `${BASE_URL}/api/v1`;
const DASH = `${BASE_URL}/dash`;

export async function send(method, url, body) {
  const reply = await fetch(url, {
    method,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await reply.text();
  return { status: reply.status, json: () => JSON.parse(text) };
}

/** Sets a fault; returns true if the API has accepted it. */
export async function setFault(fault) {
  const setting = { expires_in_seconds: 600, ...fault };
  return (await send('PUT', `${API}/faults`, setting)).status === 200;
}

/** The number of routes with faults. */
export const countFaults = async () => (await send('GET', `${API}/faults`)).json().faults.length;

export async function removeFaults() {
  const { status } = await send('DELETE', `${API}/faults`);
  assert.ok(status >= 200 && status < 300, `faults cannot be removed: ${status}`);
}

/** The request that the Dash page sends every few seconds. */
async function refreshDash() {
  const callbacks = (await send('GET', `${DASH}/_dash-dependencies`)).json();
  const chart = callbacks.find(({ output }) => output.includes('items-graph.figure'));
  const page = { poll: 1, category: null, chart: 'quantity', language: 'en', shown: null };
  const filledIn = (properties) => properties.map((each) => ({ ...each, value: page[each.id] }));
  await send('POST', `${DASH}/_dash-update-component`, {
    output: chart.output,
    inputs: filledIn(chart.inputs),
    state: filledIn(chart.state),
    changedPropIds: ['poll.n_intervals'],
  });
}

/** One visitor: pages, the life of an item, and typical mistakes of clients. */
async function visit() {
  await send('GET', `${BASE_URL}/`);
  await send('GET', `${DASH}/`);
  await send('GET', `${DASH}/_dash-component-suites/none.js`); // 404
  await refreshDash();
  await send('GET', `${API}/items?limit=5`);
  await send('GET', `${API}/items/stats`);
  await send('GET', `${API}/items?limit=101`); // 422
  const item = { name: 'Watched', category: 'Monitoring', price: 1, quantity: 1 };
  const created = await send('POST', `${API}/items`, item);
  if (created.status !== 201) return;
  const url = `${API}/items/${created.json().id}`;
  await send('PATCH', url, { quantity: 2 });
  await send('DELETE', url);
  await send('GET', url); // 404
}

/** Reads the event stream until stopped, also across a restart of the API. */
async function listen(signal) {
  while (!signal.aborted) {
    try {
      const stream = await fetch(`${API}/items/events`, { signal });
      for await (const chunk of stream.body) void chunk;
    } catch {
      await breathe(500);
    }
  }
}

/** Repeats visits until stopped, also while the platform is down. */
async function againAndAgain(oneVisit, signal) {
  while (!signal.aborted) {
    await oneVisit().catch(() => {});
    await breathe(50);
  }
}

/** Starts traffic, or only the requests of `oneVisit`; returns a function that stops it. */
export function startTraffic(oneVisit = visit) {
  const stopping = new AbortController();
  const running = [listen(stopping.signal), againAndAgain(oneVisit, stopping.signal)];
  return () => {
    stopping.abort();
    return Promise.all(running);
  };
}

/**
 * A constant load on the API through the gateway, until SIGTERM: it creates, reads, changes and lists
 * items, and follows the stream of events. Then it prints the results as JSON. Failures are a broken
 * connection, an unexpected status, and a created item without exactly one event.
 */
import { Agent, request } from 'node:http';

import { openEvents, told } from '../e2e/events.mjs';
import { breathe, waitFor } from '../e2e/support.mjs';

const { BASE_URL, CATEGORY, RATE } = process.env;
const TIMEOUT = 20_000;
/** The maximum of requests in flight, so that a hanging API is not flooded. */
const MAX_PENDING = 500;

// Persistent connections, as in a browser: the hard case when a server stops.
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const failures = [];
const milliseconds = [];
const created = [];
const pending = new Set();
const streams = [];
let sent = 0;
let finished = false;

function fail(what) {
  failures.push(`${new Date().toISOString()} ${what}`);
}

function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${BASE_URL}${path}`, {
      agent,
      method,
      headers: body && { 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.end(body && JSON.stringify(body));
  });
}

/** The JSON of an answer with this status. Otherwise counts a failure and returns undefined. */
async function expect(status, method, path, body) {
  const start = performance.now();
  try {
    const reply = await send(method, path, body);
    milliseconds.push(performance.now() - start);
    if (reply.status === status) return JSON.parse(reply.text);
    fail(`${method} ${path}: ${reply.status} ${reply.text.slice(0, 200)}`);
  } catch (error) {
    fail(`${method} ${path}: ${error.message}`);
  }
  return undefined;
}

/** Of ten requests three create, one changes, three read an item and three a list. */
async function step(number) {
  const kind = number % 10;
  const id = created.at(-1 - Math.floor(Math.random() * Math.min(created.length, 50)));
  if (kind < 3 || id === undefined) {
    const item = { name: `Item ${number}`, category: CATEGORY, price: 1.5, quantity: number };
    const answer = await expect(201, 'POST', '/api/v1/items', item);
    if (answer) created.push(answer.id);
  } else if (kind === 3) {
    await expect(200, 'PATCH', `/api/v1/items/${id}`, { quantity: number });
  } else if (kind < 7) {
    await expect(200, 'GET', `/api/v1/items/${id}`);
  } else {
    await expect(200, 'GET', `/api/v1/items?category=${encodeURIComponent(CATEGORY)}`);
  }
}

/** Sends all requests that are due, so that slow answers do not reduce the load. */
function tick() {
  const due = ((performance.now() - begin) / 1000) * Number(RATE);
  for (; sent < due; sent += 1) {
    if (pending.size >= MAX_PENDING) return fail(`${MAX_PENDING} requests wait for an answer`);
    const done = step(sent).finally(() => pending.delete(done));
    pending.add(done);
  }
}

/** Follows the events. When a stopping server ends the stream, continues after the last event. */
async function follow() {
  let lastEventId;
  while (!finished) {
    try {
      const stream = await openEvents({ after() {} }, { lastEventId });
      streams.push(stream);
      await stream.done;
    } catch (error) {
      if (!finished) fail(`events: ${error.message}`);
      await breathe(100);
    }
    lastEventId = streams.at(-1)?.lastId ?? lastEventId;
  }
}

/** The number of `created` events of each item. */
function countEvents() {
  const counts = new Map(created.map((id) => [`created ${id}`, 0]));
  for (const text of told(
    streams.flatMap((stream) => stream.events),
    CATEGORY,
  )) {
    if (counts.has(text)) counts.set(text, counts.get(text) + 1);
  }
  return counts;
}

async function finish() {
  clearInterval(timer);
  await Promise.all(pending);
  // Time for the last events to arrive. The check below finds missing ones.
  await waitFor('every event', () => ![...countEvents().values()].includes(0), 10).catch(() => {});
  finished = true;
  streams.at(-1)?.close();
  agent.destroy();
  for (const [text, times] of countEvents()) {
    if (times !== 1) fail(`events: "${text}" came ${times} times`);
  }
  milliseconds.sort((a, b) => a - b);
  const quantile = (share) =>
    Number(milliseconds[Math.floor((milliseconds.length - 1) * share)]?.toFixed(1));
  const report = {
    requests: sent,
    failed: failures.length,
    created: created.length,
    streams: streams.length,
    milliseconds: { median: quantile(0.5), p99: quantile(0.99), longest: quantile(1) },
    failures: failures.slice(0, 20),
  };
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = failures.length === 0 ? 0 : 1;
}

follow();
// The stream need not contain events from before its beginning.
await waitFor('the stream of events', () => streams[0]?.events.length > 0);
const begin = performance.now();
const timer = setInterval(tick, 5);
process.once('SIGTERM', finish);
console.error('the load is on');

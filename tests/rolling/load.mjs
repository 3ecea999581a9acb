/**
 * A constant load on the API through the gateway, until SIGTERM: it creates, reads, changes and lists
 * items, and follows the stream of events. Then it prints what happened, as JSON. Whatever a client
 * would call a failure is one: a connection that breaks, a status other than the one expected, an item
 * that was created and of which no event tells, or two.
 */
import { Agent, request } from 'node:http';

import { openEvents, told } from '../e2e/events.mjs';
import { breathe, waitFor } from '../e2e/support.mjs';

const { BASE_URL, CATEGORY, RATE } = process.env;
const TIMEOUT = 20_000;
/** Requests that are under way at most: an API that hangs is not flooded. */
const MAX_PENDING = 500;

// Connections are kept and used again, as a browser does: the hard case when a server goes away.
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

/** The document that comes back with this status; anything else is a failure, and undefined. */
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

/** Sends what is due by now: a slow answer does not slow the load down. */
function tick() {
  const due = ((performance.now() - begin) / 1000) * Number(RATE);
  for (; sent < due; sent += 1) {
    if (pending.size >= MAX_PENDING) return fail(`${MAX_PENDING} requests wait for an answer`);
    const done = step(sent).finally(() => pending.delete(done));
    pending.add(done);
  }
}

/** Follows the events; where a server that leaves ends the stream, goes on where it left off. */
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

/** How many events tell of the creation of each item. */
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
  // The last events are on their way. One that does not come is found below.
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
// The stream says where it begins; what was created before that, it need not tell.
await waitFor('the stream of events', () => streams[0]?.events.length > 0);
const begin = performance.now();
const timer = setInterval(tick, 5);
process.once('SIGTERM', finish);
console.error('the load is on');

/**
 * Constant load on the platform through the gateway: pages, reads and writes, on persistent
 * connections, as browsers and services use them. Counts failures.
 *
 *   node tests/containers/load.mjs BASE_URL CATEGORY   until SIGTERM; items get that category
 *
 * Prints the number of requests and each kind of failure; the last line is JSON. Exits with 1 if a
 * request failed, or if there were too few requests.
 */
const [baseUrl, category] = process.argv.slice(2);
if (!baseUrl || !category) throw new Error('usage: load.mjs BASE_URL CATEGORY');

/** Concurrent requests; each worker pauses between two requests. */
const WORKERS = 8;
const PAUSE_MS = 20;
/** A longer request counts as a failure. */
const TIMEOUT_MS = 10_000;
const FEWEST_REQUESTS = 200;

const newItem = () => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ name: 'Under load', category, price: 1.5, quantity: 1 }),
});

/** The requests, in turn, with the expected answer. */
const REQUESTS = [
  { path: '/', status: 200 },
  { path: '/api/v1/items?limit=5', status: 200 },
  { path: '/api/v1/items', status: 201, options: newItem },
  { path: '/dash/', status: 200 },
  { path: '/dash/_dash-layout', status: 200 },
];

let stopping = false;
let count = 0;
let created = 0;
const failures = new Map();

async function ask({ path, status, options }) {
  let problem;
  try {
    const reply = await fetch(baseUrl + path, {
      ...options?.(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await reply.arrayBuffer();
    if (reply.status !== status) problem = `status ${reply.status}`;
    else if (status === 201) created += 1;
  } catch (error) {
    problem = String(error.cause?.code ?? error.name);
  }
  count += 1;
  if (problem) {
    const kind = `${options ? 'POST' : 'GET'} ${path}: ${problem}`;
    failures.set(kind, (failures.get(kind) ?? 0) + 1);
    console.log(`${new Date().toISOString()} ${kind}`);
  }
}

async function work(first) {
  for (let turn = first; !stopping; turn += 1) {
    await ask(REQUESTS[turn % REQUESTS.length]);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

process.on('SIGTERM', () => {
  stopping = true;
});
const begin = performance.now();
await Promise.all(Array.from({ length: WORKERS }, (_, index) => work(index)));
const seconds = Math.round((performance.now() - begin) / 1000);
const failed = [...failures.values()].reduce((sum, number) => sum + number, 0);
console.log(JSON.stringify({ seconds, requests: count, failed, created, failures: [...failures] }));
if (count < FEWEST_REQUESTS) console.log(`fewer than ${FEWEST_REQUESTS} requests prove nothing`);
process.exitCode = failed > 0 || count < FEWEST_REQUESTS ? 1 : 0;

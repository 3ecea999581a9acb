/**
 * The watch over a service level objective: what it lets pass, and what it stops. Some seconds for each, with a
 * platform and a Prometheus that answer as the test says.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

import { sandbox } from './sandbox.mjs';

const servers = [];
after(() => servers.forEach((server) => server.close()));

async function serve(handler) {
  const server = createServer(handler);
  servers.push(server);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

/** A platform of which every `failsEvery`-th answer is a 503, after `delay` milliseconds. */
function platform({ failsEvery = Infinity, delay = 0 } = {}) {
  let requests = 0;
  return serve((request, reply) => {
    requests += 1;
    reply.statusCode = requests % failsEvery === 0 ? 503 : 200;
    setTimeout(() => reply.end('{}'), delay);
  });
}

/** A Prometheus that has counted these: all requests, those with 5xx, those within 250 ms. */
async function prometheus({ total, errors = 0, fast = total }) {
  const asked = [];
  const url = await serve((request, reply) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const query = new URLSearchParams(body).get('query');
      asked.push({ query, token: request.headers.authorization });
      const value = query.includes('5..') ? errors : query.includes('_bucket') ? fast : total;
      const result = value === 0 ? [] : [{ value: [0, String(value)] }];
      reply.end(JSON.stringify({ data: { result } }));
    });
  });
  return { url, asked };
}

async function watch(t, baseUrl, env = {}) {
  const box = await sandbox(t, {});
  return box.run('scripts/slo-watch.sh', [], {
    env: {
      BASE_URL: baseUrl,
      WATCH_SECONDS: '3',
      WATCH_RATE: '50',
      WATCH_SETTLE_SECONDS: '0',
      ...env,
    },
  });
}

/** Where fast answers are the point: a busy machine may hold all of them up for a moment, but hardly three times. */
async function watchFastAnswers(t, baseUrl) {
  for (let attempt = 1; ; attempt += 1) {
    const result = await watch(t, baseUrl);
    if (attempt === 3 || !result.output.includes('took 250 ms at most')) return result;
  }
}

test('a platform that answers, and fast, keeps the objective', async (t) => {
  const { code, output } = await watchFastAnswers(t, await platform());
  assert.equal(code, 0, output);
  assert.match(output, /own requests: 1\d\d requests, 100\.000% answered/);
});

test('one bad answer of a hundred is not enough to judge by, three are', async (t) => {
  assert.equal((await watchFastAnswers(t, await platform({ failsEvery: 90 }))).code, 0);
  const { code, output } = await watch(t, await platform({ failsEvery: 40 }));
  assert.equal(code, 1);
  assert.match(output, /were answered, not 99\.5%/);
  assert.match(output, /the last that failed: .*503/);
});

test('answers that take 400 ms do not keep it', async (t) => {
  const { code, output } = await watch(t, await platform({ delay: 400 }));
  assert.equal(code, 1);
  assert.match(output, /took 250 ms at most, not 95%/);
});

test('a platform that is not there is noticed', async (t) => {
  const { code, output } = await watch(t, 'http://127.0.0.1:9');
  assert.equal(code, 1);
  assert.match(output, /only 0\.0% were answered/);
});

test('a platform that fails badly is not watched to the end', async (t) => {
  const start = Date.now();
  const env = { WATCH_SECONDS: '120' };
  const { code, output } = await watch(t, await platform({ failsEvery: 5 }), env);
  assert.equal(code, 1);
  assert.match(output, /only [78]\d\.\d% were answered/);
  assert.ok(Date.now() - start < 60_000);
});

test('what Prometheus counted of all requests counts too, narrowed down as asked', async (t) => {
  const { url, asked } = await prometheus({ total: 10_000, errors: 20 });
  const env = {
    PROMETHEUS_URL: url,
    PROMETHEUS_TOKEN: 'a-token',
    PROMETHEUS_MATCHERS: 'pod=~"api-canary-.*"',
  };
  const { code, output } = await watch(t, await platform(), env);
  assert.equal(code, 0, output);
  assert.match(output, /Prometheus: 10000 requests, 99\.800% answered/);
  for (const { query, token } of asked) {
    assert.match(query, /\{job="api",route!~"[^"]+",pod=~"api-canary-\.\*"/);
    assert.match(query, /\[3s\]\)\)$/);
    assert.equal(token, 'Bearer a-token');
  }
});

const GOOGLE = 'https://monitoring.googleapis.com/v1/projects/p/location/global/prometheus';

test("Google's Prometheus gets a token that was made for this watch", async (t) => {
  const programs = { gcloud: 'echo fresh', python3: 'echo "token: $PROMETHEUS_TOKEN"' };
  const box = await sandbox(t, { programs });
  const env = { BASE_URL: 'https://test.example', PROMETHEUS_URL: GOOGLE };
  assert.match((await box.run('scripts/slo-watch.sh', [], { env })).output, /token: fresh/);
});

test('without a token nothing is watched, and it says how to get one', async (t) => {
  const box = await sandbox(t, { programs: { gcloud: 'exit 1', python3: '' } });
  const env = { BASE_URL: 'https://test.example', PROMETHEUS_URL: GOOGLE };
  const { code, output } = await box.run('scripts/slo-watch.sh', [], { env });
  assert.equal(code, 1);
  assert.match(output, /no token.*\n.*gcloud auth login/);
  assert.ok(!(await box.calls()).some((call) => call.startsWith('python3')));
});

test('Prometheus is asked once it has read the last of the counters', async (t) => {
  const { url, asked } = await prometheus({ total: 10_000 });
  const start = Date.now();
  const env = { PROMETHEUS_URL: url, WATCH_SETTLE_SECONDS: '2' };
  const { code, output } = await watch(t, await platform(), env);
  assert.equal(code, 0, output);
  assert.ok(Date.now() - start >= 5_000);
  for (const { query } of asked) assert.match(query, /\[5s\]\)\)$/);
});

test('without a Prometheus there is nothing to wait for', async (t) => {
  const start = Date.now();
  await watch(t, await platform(), { WATCH_SETTLE_SECONDS: '60' });
  assert.ok(Date.now() - start < 30_000);
});

for (const [what, counted, complaint] of [
  [
    'errors that our own requests did not meet',
    { total: 10_000, errors: 100 },
    /99\.000% were answered/,
  ],
  ['slow answers', { total: 10_000, fast: 9_000 }, /90\.00% took 250 ms at most/],
  ['next to no requests', { total: 12 }, /only 12 requests, too few/],
]) {
  test(`Prometheus sees ${what}: the watch fails`, async (t) => {
    const { url } = await prometheus(counted);
    const { code, output } = await watch(t, await platform(), { PROMETHEUS_URL: url });
    assert.equal(code, 1);
    assert.match(output, complaint);
  });
}

for (const [what, answer, reason] of [
  ['does not answer', null, /refused/],
  ['takes the token for an expired one', { status: 401, body: '{}' }, /401/],
  ['answers with something else', { status: 200, body: '<html>' }, /Expecting value/],
  ['answers with an error', { status: 200, body: '{"status": "error"}' }, /data/],
]) {
  test(`a Prometheus that ${what} is no permission; what to look at is said`, async (t) => {
    const url = answer
      ? await serve((request, reply) => reply.writeHead(answer.status).end(answer.body))
      : 'http://127.0.0.1:9';
    const { code, output } = await watch(t, await platform(), { PROMETHEUS_URL: url });
    assert.equal(code, 1);
    assert.match(output, /✗ Prometheus gave no answer: /);
    assert.match(output, reason);
    assert.match(output, /PROMETHEUS_URL.*PROMETHEUS_TOKEN/);
    // What was seen from outside is worth knowing all the same.
    assert.match(output, /own requests: 1\d\d requests/);
    assert.doesNotMatch(output, /Traceback/);
  });
}

for (const env of [
  { WATCH_SECONDS: '5m' },
  { WATCH_SECONDS: '0' },
  { WATCH_SECONDS: '3001' },
  { WATCH_RATE: 'fast' },
  { WATCH_RATE: 'nan' },
]) {
  const [[name, value]] = Object.entries(env);
  test(`${name}=${value} is refused`, async (t) => {
    const { code, output } = await watch(t, 'http://127.0.0.1:9', env);
    assert.equal(code, 2);
    assert.match(output, new RegExp(`${name} is '${value}', not a number from [\\d.]+ to \\d+`));
    assert.doesNotMatch(output, /Traceback/);
  });
}

test('a watch too short to judge is refused', async (t) => {
  const { code, output } = await watch(t, 'http://127.0.0.1:9', { WATCH_SECONDS: '1' });
  assert.equal(code, 2);
  assert.match(output, /fewer than the 100 requests/);
});

/**
 * The watch over a service level objective: what it lets pass, and what it stops. Some seconds for each, with a
 * platform and a Prometheus that answer as the test says.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

import { assertRefused, play } from './sandbox.mjs';

const NOBODY = 'http://127.0.0.1:9';
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

const USUAL = { WATCH_SECONDS: '3', WATCH_RATE: '50', WATCH_SETTLE_SECONDS: '0' };
async function watch(t, baseUrl, env = {}) {
  const start = Date.now();
  const settings = { BASE_URL: baseUrl, ...USUAL, ...env };
  const result = await play(t, 'slo-watch.py', [], { env: settings });
  return { ...result, seconds: (Date.now() - start) / 1000 };
}

for (const [what, failsEvery, said] of [
  ['a platform that answers, and fast,', Infinity, /requests: 1\d\d requests, 100\.000% answered/],
  ['one bad answer of a hundred', 90, /the service level objective is kept/],
]) {
  test(`${what} keeps the objective`, async (t) => {
    // A busy machine may hold all answers up for a moment, but hardly three times.
    for (let attempt = 1; ; attempt += 1) {
      const { code, output } = await watch(t, await platform({ failsEvery }));
      if (attempt < 3 && output.includes('took 250 ms at most')) continue;
      assert.equal(code, 0, output);
      assert.match(output, said);
      break;
    }
  });
}

for (const [what, how, message] of [
  [
    'three bad answers of a hundred',
    { failsEvery: 40 },
    /were answered, not 99\.5%[^]*the last that failed: .*503/,
  ],
  ['answers that take 400 ms', { delay: 400 }, /took 250 ms at most, not 95%/],
  ['nobody there', null, /only 0\.0% were answered/],
]) {
  test(`it fails with ${what}`, async (t) => {
    assertRefused(await watch(t, how ? await platform(how) : NOBODY), message);
  });
}

test('a platform that fails badly is not watched to the end', async (t) => {
  const result = await watch(t, await platform({ failsEvery: 5 }), { WATCH_SECONDS: '120' });
  assertRefused(result, /only [78]\d\.\d% were answered/);
  assert.ok(result.seconds < 60);
});

test('what Prometheus counted of all requests counts too, narrowed down, once it has read the last', async (t) => {
  const { url, asked } = await prometheus({ total: 10_000, errors: 20 });
  const env = { PROMETHEUS_URL: url, PROMETHEUS_TOKEN: 'a-token', WATCH_SETTLE_SECONDS: '2' };
  const matchers = { PROMETHEUS_MATCHERS: 'pod=~"api-canary-.*"' };
  const { code, output, seconds } = await watch(t, await platform(), { ...env, ...matchers });
  assert.equal(code, 0, output);
  assert.match(output, /Prometheus: 10000 requests, 99\.800% answered/);
  assert.ok(seconds >= 5);
  assert.equal(asked.length, 4);
  for (const { query, token } of asked) {
    assert.match(query, /\{job="api",route!~"[^"]+",pod=~"api-canary-\.\*".*\[5s\]\)\)$/);
    assert.equal(token, 'Bearer a-token');
  }
});

test('without a Prometheus there is nothing to wait for', async (t) => {
  const { seconds } = await watch(t, await platform(), { WATCH_SETTLE_SECONDS: '60' });
  assert.ok(seconds < 30);
});

for (const [what, counted, complaint] of [
  ['errors that our own requests did not meet', { total: 10_000, errors: 100 }, /99\.000% were/],
  ['slow answers', { total: 10_000, fast: 9_000 }, /90\.00% took 250 ms at most/],
  ['next to no requests', { total: 12 }, /only 12 requests, too few/],
]) {
  test(`Prometheus sees ${what}: the watch fails`, async (t) => {
    const { url } = await prometheus(counted);
    assertRefused(await watch(t, await platform(), { PROMETHEUS_URL: url }), complaint);
  });
}

for (const [what, answer, reason] of [
  ['does not answer', null, 'refused'],
  ['takes the token for an expired one', { status: 401, body: '{}' }, '401'],
  ['answers with something else', { status: 200, body: '<html>' }, 'Expecting value'],
  ['answers with an error', { status: 200, body: '{"status": "error"}' }, 'data'],
]) {
  test(`a Prometheus that ${what} is no permission; what to look at is said`, async (t) => {
    const url = answer
      ? await serve((request, reply) => reply.writeHead(answer.status).end(answer.body))
      : NOBODY;
    const result = await watch(t, await platform(), { PROMETHEUS_URL: url });
    const said = `✗ Prometheus gave no answer: .*${reason}[^]*PROMETHEUS_URL.*PROMETHEUS_TOKEN`;
    assertRefused(result, new RegExp(said));
    // What was seen from outside is worth knowing all the same.
    assert.match(result.output, /own requests: 1\d\d requests/);
    assert.doesNotMatch(result.output, /Traceback/);
  });
}

// --- Google's Prometheus -------------------------------------------------------------------------
// Instead of asking it, says with which token.
const SITE = `import urllib.request as request
reach = request.urlopen
def urlopen(what, **more):
    if isinstance(what, str): return reach(what, **more)
    raise OSError("asked with " + what.get_header("Authorization"))
request.urlopen = urlopen
`;
for (const [what, gcloud, message] of [
  ['it is asked with a token that was made for this watch', 'echo fresh', /with Bearer fresh/],
  ['without a token nothing is watched', 'exit 1', /^✗ .*no token.*\n.*gcloud auth login/],
]) {
  test(`Google's Prometheus: ${what}`, async (t) => {
    const url = 'https://monitoring.googleapis.com/v1/projects/p/location/global/prometheus';
    const env = { ...USUAL, PROMETHEUS_URL: url, BASE_URL: await platform(), PYTHONPATH: '.' };
    const files = { 'sitecustomize.py': SITE };
    const result = await play(t, 'slo-watch.py', [], { env, programs: { gcloud }, files });
    assertRefused(result, message);
    assert.deepEqual(result.calls, ['gcloud auth print-access-token']);
  });
}

for (const [name, value, message] of [
  ['WATCH_SECONDS', '5m'],
  ['WATCH_SECONDS', '0'],
  ['WATCH_SECONDS', '3001'],
  ['WATCH_SECONDS', '1', /fewer than the 100 requests/],
  ['WATCH_RATE', 'fast'],
  ['WATCH_RATE', 'nan'],
  ['BASE_URL', 'localhost', /BASE_URL is 'localhost'/],
]) {
  test(`${name}=${value} is refused`, async (t) => {
    const { code, output } = await watch(t, NOBODY, { [name]: value });
    assert.equal(code, 2);
    const none = new RegExp(`${name} is '${value}', not a number from [\\d.]+ to \\d+`);
    assert.match(output, message ?? none);
    assert.doesNotMatch(output, /Traceback/);
  });
}

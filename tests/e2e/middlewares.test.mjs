/**
 * The gateway's middlewares: the rate limit and the compression. Runs the real Traefik with the platform's
 * configuration, on its own ports, in front of a fake server. TRAEFIK is the path of the program.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { waitFor } from './support.mjs';

const REPO = join(import.meta.dirname, '..', '..');
const LIST = JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ id, name: `item ${id}` })));

/** The fake server behind the gateway, and its open streams. */
const streams = new Set();
const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://server');
  const tagged = { 'Content-Type': 'application/json', ETag: '"v5"' };
  if (pathname === '/v1/stream' || pathname === '/v1/items.csv') {
    const csv = pathname.endsWith('.csv');
    response.writeHead(200, { 'Content-Type': csv ? 'text/csv' : 'text/event-stream' });
    response.write(csv ? 'id,name\n' : 'data: first\n\n');
    streams.add(response);
  } else if (pathname === '/v1/small') {
    response.writeHead(200, { ...tagged, 'Content-Length': 2 }).end('{}');
  } else if (pathname === '/v1/picture') {
    const body = Buffer.alloc(5000);
    response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': 5000 }).end(body);
  } else if (pathname === '/v1/coded') {
    const head = { 'Content-Type': 'text/javascript', 'Content-Encoding': 'br' };
    response.writeHead(200, { ...head, 'Content-Length': 5000 }).end(Buffer.alloc(5000, 'c'));
  } else if (request.headers['if-none-match'] === '"v5"') {
    response.writeHead(304, { ETag: '"v5"' }).end();
  } else if ((request.headers['if-match'] ?? '"v5"') !== '"v5"') {
    response.writeHead(412).end();
  } else {
    response.writeHead(200, { ...tagged, 'Content-Length': LIST.length });
    response.end(request.method === 'HEAD' ? undefined : LIST);
  }
});

/** Starts Traefik with native mode's configuration and this limit; returns its port and a function that stops it. */
async function startGateway(limit) {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-'));
  const [port, dashboard] = await freePorts(2);
  const env = {
    ...process.env,
    ENV_FILE: '/dev/null',
    RUN_DIR: directory,
    LOG_DIR: directory,
    GATEWAY_PORT: String(port),
    TRAEFIK_DASHBOARD_PORT: String(dashboard),
    RATE_LIMIT_PER_SECOND: String(limit),
  };
  const script =
    'source "$0/scripts/lib/platform.sh"; load_env; render_traefik; service_env traefik';
  const told = await promisify(execFile)('bash', ['-c', script, REPO], { env });
  const settings = Object.fromEntries(
    told.stdout
      .split('\n')
      .map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  );
  const address = `127.0.0.1:${server.address().port}`;
  for (const service of ['API', 'DASH', 'REACT']) settings[`${service}_SERVER`] = address;
  const config = join(directory, 'traefik', 'traefik.yml');
  const child = spawn(process.env.TRAEFIK, [`--configFile=${config}`], {
    env: settings,
    stdio: 'ignore',
  });
  const gone = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await gone;
    await rm(directory, { recursive: true });
  };
  try {
    await waitFor('Traefik routes', async () => (await ask(port, '/api/v1/small')).status === 200);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop };
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => http.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((each) => once(each, 'listening')));
  const ports = servers.map((each) => each.address().port);
  await Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
  return ports;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

/** One request. Unlike fetch(), it does not decode the body, and can choose the client's address. */
function ask(port, path, { headers = {}, method = 'GET', client = '127.0.0.1', until } = {}) {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path, method, headers, localAddress: client, agent };
    const request = http.request(options, (response) => {
      const chunks = [];
      const done = () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      response.on('data', (chunk) => {
        chunks.push(chunk);
        if (until?.(chunk)) {
          done();
          request.destroy();
        }
      });
      response.on('end', done);
      response.on('error', () => {});
    });
    request.setTimeout(10_000, () => request.destroy(new Error(`${path}: no answer within 10 s`)));
    request.on('error', reject);
    request.end();
  });
}

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

describe('the limit of requests', () => {
  const statuses = async (port, count, options) => {
    const replies = [];
    for (let i = 0; i < count; i += 1) replies.push(await ask(port, '/api/v1/small', options));
    return replies;
  };

  test('stops the client that exceeds it, and nobody else', async (t) => {
    const { port, stop } = await startGateway(1);
    t.after(stop);
    const replies = await statuses(port, 130);
    const refused = replies.filter(({ status }) => status === 429);
    // The bucket has 100 tokens and one more each second; waiting for Traefik has used some.
    assert.ok(refused.length > 10, `${refused.length} of 130 refused`);
    assert.ok(replies.filter(({ status }) => status === 200).length > 50);
    assert.match(refused[0].headers['retry-after'], /^\d+$/);
    assert.equal(refused[0].body.toString(), 'Too Many Requests');

    const pretending = { headers: { 'X-Forwarded-For': '203.0.113.9' } };
    const last = await statuses(port, 3, pretending);
    assert.ok(
      last.some(({ status }) => status === 429),
      'a client made an address up',
    );
    assert.equal((await ask(port, '/api/v1/small', { client: '127.0.0.2' })).status, 200);
    assert.equal((await ask(port, '/dash/', {})).status, 200, 'each router has its own');
  });

  test('is off by default', async (t) => {
    const { port, stop } = await startGateway(0);
    t.after(stop);
    for (const { status } of await statuses(port, 300)) assert.equal(status, 200);
  });
});

describe('an answer', () => {
  let gateway;
  before(async () => {
    gateway = await startGateway(0);
  });
  after(() => gateway.stop());
  const get = (path, accepted, headers = {}) =>
    ask(gateway.port, `/api${path}`, { headers: { 'Accept-Encoding': accepted, ...headers } });

  test('comes in gzip to a client that accepts it', async () => {
    for (const accepted of ['gzip', 'gzip, deflate, br', 'br;q=0.5, gzip']) {
      const { headers, body } = await get('/v1/items', accepted);
      assert.equal(headers['content-encoding'], 'gzip', accepted);
      assert.equal(gunzipSync(body).toString(), LIST);
      assert.equal(headers.vary, 'Accept-Encoding');
      assert.equal(headers.etag, '"v5"');
    }
  });

  test('comes as it is to a client that accepts no coding', async () => {
    for (const accepted of ['identity', 'br;q=0, gzip;q=0', 'br', 'zstd']) {
      const { headers, body } = await get('/v1/items', accepted);
      assert.equal(headers['content-encoding'], undefined, accepted);
      assert.equal(body.toString(), LIST);
    }
  });

  test('keeps its preconditions', async () => {
    const unchanged = await get('/v1/items', 'gzip', { 'If-None-Match': '"v5"' });
    assert.equal(unchanged.status, 304);
    assert.equal(unchanged.headers.etag, '"v5"');
    assert.equal(unchanged.headers['content-encoding'], undefined);
    assert.equal((await get('/v1/items', 'gzip', { 'If-Match': '"v5"' })).status, 200);
    assert.equal((await get('/v1/items', 'gzip', { 'If-Match': '"v4"' })).status, 412);
  });

  test('to HEAD has no body, and says how long it is', async () => {
    const options = { method: 'HEAD', headers: { 'Accept-Encoding': 'gzip' } };
    const { status, headers, body } = await ask(gateway.port, '/api/v1/items', options);
    assert.equal(status, 200);
    assert.equal(body.length, 0);
    assert.equal(headers['content-length'], String(LIST.length));
  });

  test('is left alone when it is small, a picture, or coded already', async () => {
    assert.equal((await get('/v1/small', 'gzip')).headers['content-encoding'], undefined);
    assert.equal((await get('/v1/picture', 'gzip')).headers['content-encoding'], undefined);
    const coded = await get('/v1/coded', 'br, gzip');
    assert.equal(coded.headers['content-encoding'], 'br');
    assert.equal(coded.body.toString(), 'c'.repeat(5000));
  });

  test('that is a stream is passed on at once', async () => {
    const until = () => true;
    for (const path of ['/api/v1/stream', '/api/v1/items.csv']) {
      const headers = { 'Accept-Encoding': 'gzip' };
      const { body } = await ask(gateway.port, path, { headers, until });
      assert.ok(body.length > 0, path);
    }
    const { headers } = await ask(gateway.port, '/api/v1/stream', {
      headers: { 'Accept-Encoding': 'gzip' },
      until,
    });
    assert.equal(headers['content-encoding'], undefined);
    for (const stream of streams) stream.end();
  });
});

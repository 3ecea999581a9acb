/**
 * What `make dev-logs` makes of the lines of services, Traefik and PostgreSQL.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

import { sandbox } from '../ci/sandbox.mjs';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const REQUEST = {
  ts: '2026-11-30T05:01:34.647997Z',
  level: 'info',
  service: 'api',
  msg: 'request',
  trace_id: TRACE,
  span_id: 'be8b922d36e8df08',
  method: 'POST',
  route: '/v1/items',
  path: '/v1/items',
  status: 201,
  duration_ms: 51.911,
};

/** What is shown of these lines. */
async function shown(t, lines, { trace = '', env = {} } = {}) {
  const box = await sandbox(t, {});
  const input = lines.map((line) => `${line}\n`).join('');
  const options = { input, env: { BOLD: '', DIM: '', RED: '', YELLOW: '', RESET: '', ...env } };
  const { code, output } = await box.run('scripts/lib/log_lines.py', [trace], options);
  assert.equal(code, 0, output);
  return output;
}

const json = (fields) => JSON.stringify({ ...REQUEST, ...fields });

test('a request is its time, service, route, status, milliseconds and trace', async (t) => {
  const expected = `05:01:34.647 info  api      POST /v1/items 201 51.9 ms  trace=${TRACE}\n`;
  assert.equal(await shown(t, [`api      | ${json({})}`]), expected);
  // As `docker compose logs` names containers.
  assert.equal(await shown(t, [`\u001b[2Kapi-1  | ${json({})}`]), expected);
});

test('a failure stands out where there are colours', async (t) => {
  const lines = [`api | ${json({ level: 'error', status: 503 })}`];
  const output = await shown(t, lines, { env: { RED: '<red>', RESET: '</>' } });
  assert.match(output, /<red>error<\/>.* <red>503<\/> /);
});

test('any other message keeps what it says besides', async (t) => {
  const line = { ts: REQUEST.ts, level: 'info', service: 'api', msg: 'listening', port: 8000 };
  const output = await shown(t, [`api | ${JSON.stringify(line)}`]);
  assert.equal(output, '05:01:34.647 info  api      listening port=8000\n');
});

test('a request of Traefik is shown like those of the services', async (t) => {
  const access = {
    DownstreamStatus: 404,
    Duration: 2_100_450,
    RequestMethod: 'GET',
    RequestPath: '/api/x',
    StartUTC: '2026-11-30T05:01:36.922759179Z',
    level: 'info',
  };
  const output = await shown(t, [`traefik | ${JSON.stringify(access)}`]);
  assert.equal(output, '05:01:36.922 info  traefik  GET /api/x 404 2.1 ms\n');
});

test('what is no JSON of ours stays as it is', async (t) => {
  const lines = ['postgres | LOG:  ready | really', 'react-1 | {"a": 1}', 'no service here'];
  const output = await shown(t, lines);
  assert.equal(output, 'postgres LOG:  ready | really\nreact    {"a": 1}\nno service here\n');
});

test('with a trace only its lines are shown', async (t) => {
  const lines = [`api | ${json({})}`, `dash | ${json({ trace_id: 'f'.repeat(32) })}`];
  const output = await shown(t, lines, { trace: TRACE.slice(0, 8) });
  assert.match(output, /^\S+ info {2}api .*\n$/);
});

test('wrong arguments are refused; Ctrl-C ends it without a complaint', async (t) => {
  const files = { 'run/logs/api.log': `${json({})}\n` };
  const box = await sandbox(t, { files });
  const follow = (env) => box.run('scripts/dev-logs.sh', [], { env: { MODE: 'native', ...env } });
  assert.match((await follow({ FORMAT: 'xml' })).output, /FORMAT must be short or json/);
  assert.match((await follow({ TRACE: 'x1' })).output, /TRACE must be the beginning of a trace id/);
  assert.match(
    (await follow({ FOLLOW: 'false', SERVICE: 'api', FORMAT: 'json' })).output,
    /^api +\| \{/,
  );

  const env = { ...process.env, MODE: 'native', RUN_DIR: box.path('run'), SERVICE: 'api' };
  const child = spawn(box.path('scripts/dev-logs.sh'), { env, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  // As a terminal does: to the whole group.
  process.kill(-child.pid, 'SIGINT');
  const [code] = await new Promise((resolve) => child.once('close', (...ended) => resolve(ended)));
  assert.equal(code, 0, output);
  assert.match(output, /^05:01:34\.647 info {2}api .*\n$/);
});

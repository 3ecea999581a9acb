/**
 * The env files that `make dev-up` makes of .env.example, .env and the shell: what is in them, and who reads them.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { parse } from 'yaml';

const REPO = join(import.meta.dirname, '..', '..');
const WRITE = 'for service in $(services_with_settings); do write_settings "$service"; done';

/** Writes the env files with `env` in the shell: service -> text, and what `then` prints. */
async function envFiles(t, env = {}, then = ':') {
  const directory = await mkdtemp(join(tmpdir(), 'settings-'));
  t.after(() => rm(directory, { recursive: true }));
  const script = `source "$0/scripts/lib/platform.sh"; load_env; ${WRITE}; ${then}`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script, REPO], {
    env: { PATH: process.env.PATH, RUN_DIR: directory, ENV_FILE: '/dev/null', ...env },
  });
  const files = {};
  for (const name of await readdir(join(directory, 'env'))) {
    files[name.replace(/\.env$/, '')] = await readFile(join(directory, 'env', name), 'utf8');
  }
  return { files, stdout };
}

test('each env file is read by its service in Compose, and may be missing', async (t) => {
  const { files } = await envFiles(t);
  const readers = {};
  for (const part of ['', '.monitoring']) {
    const file = join(REPO, `infrastructure/docker/docker-compose${part}.yml`);
    for (const [name, service] of Object.entries(parse(await readFile(file, 'utf8')).services)) {
      if (service.env_file) readers[name] = service.env_file;
    }
  }
  assert.deepEqual(Object.keys(readers).sort(), Object.keys(files).sort());
  for (const [name, entries] of Object.entries(readers)) {
    const path = `\${RUN_DIR:-../../.run}/env/${name}.env`;
    assert.deepEqual(entries, [{ path, required: false }]);
  }
});

test('a setting reaches the services of its section alone; a variable of the shell wins', async (t) => {
  const before = await envFiles(t);
  const { files } = await envFiles(t, { REQUEST_TIMEOUT_SECONDS: '7', LOG_FORMAT: 'text' });
  assert.match(files.api, /^REQUEST_TIMEOUT_SECONDS='7'$/m);
  assert.doesNotMatch(files.dash, /REQUEST_TIMEOUT/);
  for (const name of ['api', 'dash', 'react']) assert.match(files[name], /^LOG_FORMAT='text'$/m);
  assert.equal(files.prometheus, before.files.prometheus);
});

test('no password is in an env file; in native mode the API gets its own from elsewhere', async (t) => {
  const env = {
    POSTGRES_PASSWORD: 'hidden-1',
    POSTGRES_EXPORTER_PASSWORD: 'hidden-2',
    GRAFANA_ADMIN_PASSWORD: 'hidden-3',
  };
  const { files, stdout } = await envFiles(t, env, 'service_env api');
  assert.doesNotMatch(Object.values(files).join('\n'), /hidden-/);
  assert.match(stdout, /^DATABASE_URL=\S+:hidden-1@127\.0\.0\.1:/m);
});

/** Section 8.2 of the plan of this platform, which others follow with FastAPI and Plotly's own Dash. */
const PLAN = `# General
COMPOSE_PROJECT_NAME=mlp
ENVIRONMENT=development

# PostgreSQL
POSTGRES_HOST=postgres
POSTGRES_PORT=5432
POSTGRES_DB=mlp_db
POSTGRES_USER=mlp_user
POSTGRES_PASSWORD=mlp_secret

# API
DATABASE_URL=postgresql+asyncpg://\${POSTGRES_USER}:\${POSTGRES_PASSWORD}@\${POSTGRES_HOST}:\${POSTGRES_PORT}/\${POSTGRES_DB}
API_DEBUG=true

# Dash
API_URL=http://api:8000
DASH_DEBUG=true

# React
VITE_API_URL=http://localhost/api

# Monitoring
GRAFANA_ADMIN_USER=admin
GRAFANA_ADMIN_PASSWORD=admin
`;

test("the plan's own .env is taken as it is, in both modes", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'plan-'));
  t.after(() => rm(directory, { recursive: true }));
  const ENV_FILE = join(directory, '.env');
  await writeFile(ENV_FILE, PLAN);
  const native = await envFiles(
    t,
    { MODE: 'native', ENV_FILE },
    'service_env api; service_env dash',
  );
  assert.match(
    native.stdout,
    /^DATABASE_URL=postgresql\+asyncpg:\/\/mlp_user:mlp_secret@127\.0\.0\.1:5432\/mlp_db$/m,
  );
  assert.match(native.stdout, /^API_URL=http:\/\/127\.0\.0\.1:8000$/m);
  assert.match(native.files.api, /^API_DEBUG='true'$/m);
  assert.match(native.files.dash, /^DASH_DEBUG='true'$/m);
  assert.match(native.files.react, /^REACT_CONNECT_ORIGINS='http:\/\/localhost'$/m);
  assert.match(native.files.react, /^VITE_API_URL='http:\/\/localhost\/api'$/m);
  const docker = await envFiles(t, { MODE: 'docker', ENV_FILE }, 'echo "$DATABASE_URL"');
  assert.match(docker.stdout, /@postgres:5432\/mlp_db$/m);
});

test('a service drains for as long as its load balancer needs', async (t) => {
  const delay = async (env) =>
    /DRAIN_DELAY_SECONDS='(.*)'/.exec((await envFiles(t, env)).files.api)[1];
  assert.equal(await delay({ MODE: 'docker' }), '3');
  assert.equal(await delay({ MODE: 'native' }), '0');
  assert.equal(await delay({ MODE: 'docker', DRAIN_DELAY_SECONDS: '9' }), '9');
});

test('a value that an env file cannot hold is refused', async (t) => {
  const stderr = /a setting of api contains a single quote/;
  await assert.rejects(envFiles(t, { CORS_ORIGINS: "http://it's" }), { stderr });
});

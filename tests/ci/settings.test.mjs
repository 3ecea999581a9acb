/**
 * What a service is told: the same settings in containers, by docker-compose.yml, as in native mode, by service_env.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const REPO = join(import.meta.dirname, '..', '..');
const COMPOSE = readFileSync(join(REPO, 'infrastructure', 'docker', 'docker-compose.yml'), 'utf8');

/** What `script` prints once the settings are read, as a map: of .env.example, and of `env` before it. */
function settings(script, env) {
  const output = execFileSync(
    'bash',
    ['-c', `source "$0/scripts/lib/platform.sh"; load_env; ${script}`, REPO],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        RUN_DIR: join(tmpdir(), 'none'),
        ENV_FILE: '/dev/null',
        ...env,
      },
    },
  );
  return new Map([...output.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}

const inContainers = (service) =>
  ['x-settings: &settings', `  ${service}:`].flatMap((head) => {
    const [, block] = COMPOSE.split(`\n${head}\n`);
    const variables = block.split(/^ {0,2}\S/m)[0].match(/^( *)environment:\n((?:\1 +.*\n)+)/m);
    return [...(variables?.[2] ?? block.split(/^\S/m)[0]).matchAll(/^ +([A-Z]\w+): /gm)];
  });

// Where a program listens, and where its files are, is the image's.
const OF_THE_MODE = /^(PATH|HOME|LANG|MLP_\w+|\w+_(HOST|PORT|DIR))$/;

for (const service of ['api', 'dash']) {
  test(`${service} is told the same in both modes`, () => {
    const natively = settings(`service_env ${service}`, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    });
    const names = [...natively.keys()].filter((name) => !OF_THE_MODE.test(name));
    // A secret is a file there.
    const there = inContainers(service).map(([, name]) =>
      name.replace(/^(DATABASE_URL)_FILE$/, '$1'),
    );
    assert.ok(there.includes('LOG_FORMAT') && there.includes('LOG_LEVEL'), there.join(' '));
    assert.deepEqual([...new Set(there)].sort(), names.sort());
  });
}

for (const [service, name] of [
  ['api', 'API'],
  ['dash', 'DASH'],
]) {
  test(`${name}_DEBUG is the level of the log of ${service} alone, in both modes`, () => {
    const env = { [`${name}_DEBUG`]: 'true', LOG_LEVEL: 'warn' };
    for (const each of ['api', 'dash']) {
      const told = settings(`service_env ${each}`, env);
      assert.equal(told.get('LOG_LEVEL'), each === service ? 'debug' : 'warn');
    }
    const exported = settings('env', { ...env, MODE: 'docker' });
    assert.equal(exported.get(`${name}_LOG_LEVEL`), 'debug');
    assert.ok(COMPOSE.includes(`LOG_LEVEL: \${${name}_LOG_LEVEL:-\${LOG_LEVEL:-info}}`));
  });
}

test('DASH_DEBUG itself reaches Dash, which shows errors of callbacks then', () => {
  assert.equal(settings('service_env dash', { DASH_DEBUG: 'true' }).get('DASH_DEBUG'), 'true');
  assert.ok(COMPOSE.includes('DASH_DEBUG: ${DASH_DEBUG:-false}'));
});

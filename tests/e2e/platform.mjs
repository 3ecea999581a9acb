/**
 * The platform from inside: its database and its processes. Only for the instance that
 * scripts/test.sh starts, whose settings come by the environment.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { API_URL, BASE_URL, waitFor } from './support.mjs';

const run = promisify(execFile);
const REPO = join(import.meta.dirname, '..', '..');

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with scripts/test.sh e2e`);
  return value;
}

/**
 * Runs SQL as the service's own role and returns what it prints, unaligned. `variables` are put in
 * by psql itself: :'name' is a quoted string.
 */
export async function psql(sql, variables = {}) {
  const child = run('psql', [
    setting('DATABASE_URL'),
    '--no-psqlrc',
    '--quiet',
    '--tuples-only',
    '--no-align',
    '--set=ON_ERROR_STOP=1',
    ...Object.entries(variables).map(([name, value]) => `--set=${name}=${value}`),
  ]);
  // psql replaces variables in what it reads, but not in --command.
  child.child.stdin.end(sql);
  return (await child).stdout.trim();
}

/** supervisorctl for this instance; the configuration takes its paths from the environment. */
async function supervisor(...command) {
  const config = join(REPO, 'infrastructure', 'native', 'supervisord.conf');
  return (await run('supervisorctl', ['-c', config, ...command])).stdout.trim();
}

/** The process id of a service; 0 while it does not run. */
async function pidOf(service) {
  return Number(await supervisor('pid', service));
}

/** Ends a service as a crash would, and returns the id that its process had. */
export async function crash(service) {
  const pid = await pidOf(service);
  if (!(pid > 1)) throw new Error(`${service} does not run`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

/** Takes a service away, until start() brings it back. */
export const stop = (service) => supervisor('stop', service);
export const start = (service) => supervisor('start', service);

/** Where a service shows that it works, as a client of the gateway sees it. */
const PROBES = {
  postgres: '/api/ready',
  api: '/api/ready',
  dash: '/dash/_dash-layout',
};

export async function answers(url) {
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).ok;
}

/**
 * Lets a service hang: its process is there and does nothing, until the function is called that this
 * returns. That waits until the service works again.
 */
export async function suspend(service) {
  const pid = await pidOf(service);
  if (!(pid > 1)) throw new Error(`${service} does not run`);
  process.kill(pid, 'SIGSTOP');
  return () => {
    process.kill(pid, 'SIGCONT');
    return waitFor(`${service} works again`, () => answers(BASE_URL + PROBES[service]));
  };
}

/** Waits until the supervisor has replaced the process that crashed, and until it works. */
export async function waitUntilBack(service, oldPid) {
  await waitFor(`${service} is started again`, async () => {
    const pid = await pidOf(service);
    return pid > 1 && pid !== oldPid;
  });
  await waitFor(`${service} works again`, () => answers(BASE_URL + PROBES[service]));
}

/** `make dev-down` and `make dev-up` for this instance: what they do once they have its lock. */
export async function restartPlatform() {
  const script = `
    source "$0/scripts/lib/platform.sh"
    load_env
    stop_everything
    [[ -z $(leftovers) ]] || die "processes are left: $(leftovers)"
    ! curl --silent --max-time 2 --output /dev/null "$API_URL/health" || die "the API still answers"
    start_platform`;
  const env = { ...process.env, ENV_FILE: '/dev/null', RUN_DIR: setting('RUN_DIR'), API_URL };
  return (await run('bash', ['-c', script, REPO], { env })).stdout;
}

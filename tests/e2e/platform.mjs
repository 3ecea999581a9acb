/**
 * The platform from inside: its database and its processes. Only for the instance of scripts/test.sh,
 * which sets the environment.
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
 * Runs SQL with the API's role and returns psql's unaligned output. psql inserts `variables`:
 * :'name' is a quoted string.
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
  // psql replaces variables in its standard input, but not in --command.
  child.child.stdin.end(sql);
  return (await child).stdout.trim();
}

/** Runs supervisorctl for this instance. The configuration reads its paths from the environment. */
async function supervisor(...command) {
  const config = join(REPO, 'infrastructure', 'native', 'supervisord.conf');
  return (await run('supervisorctl', ['-c', config, ...command])).stdout.trim();
}

/** The process id of a service; 0 while it does not run. */
async function pidOf(service) {
  return Number(await supervisor('pid', service));
}

/** Kills a service, like a crash, and returns the id of the killed process. */
export async function crash(service) {
  const pid = await pidOf(service);
  if (!(pid > 1)) throw new Error(`${service} does not run`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

/** Stops a service until start(). */
export const stop = (service) => supervisor('stop', service);
export const start = (service) => supervisor('start', service);

/** A path behind the gateway that shows that the service works. */
const PROBES = {
  postgres: '/api/ready',
  api: '/api/ready',
  dash: '/dash/_dash-layout',
};

export async function answers(url) {
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).ok;
}

/**
 * Suspends a service, so that it hangs. Returns a function that resumes it and waits until it works.
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

/** Waits until supervisord has replaced the crashed process and the service works. */
export async function waitUntilBack(service, oldPid) {
  await waitFor(`${service} is started again`, async () => {
    const pid = await pidOf(service);
    return pid > 1 && pid !== oldPid;
  });
  await waitFor(`${service} works again`, () => answers(BASE_URL + PROBES[service]));
}

/** `make dev-down` and `make dev-up` for this instance, without their lock. */
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

/**
 * The monitoring's containers: each is confined, limited and health-checked, none can be reached from
 * outside this machine, and their settings agree with the files that they read.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { REPO } from '../dashboards.mjs';

const read = (...path) => readFileSync(join(REPO, 'infrastructure', ...path), 'utf8');
const text = read('docker', 'docker-compose.monitoring.yml');
const compose = parse(text, { merge: true });
// The overlay also adds variables to the platform's own services.
const services = Object.entries(compose.services).filter(([, { image }]) => image);

test('every part has a container', () => {
  const names = services.map(([name]) => name);
  for (const part of ['prometheus', 'alertmanager', 'grafana', 'loki', 'alloy', 'jaeger']) {
    assert.ok(names.includes(part), part);
  }
});

for (const [name, service] of services) {
  test(`${name} is confined, limited and checked`, () => {
    assert.match(service.image, /:v?\d+\.\d+/, 'the version is pinned');
    assert.equal(service.read_only, true);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
    assert.ok(service.logging.options['max-size'] && service.logging.options['max-file']);
    assert.ok(service.healthcheck.test.length > 1);
    const { cpus, memory, pids } = service.deploy.resources.limits;
    assert.ok(cpus && memory && pids);
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/);
  });
}

test('every membership in a network has its reason', () => {
  const lists = [...text.matchAll(/^ {4}networks:\n((?: {6}.*\n)+)/gm)];
  assert.equal(lists.length, services.length);
  for (const [, list] of lists) {
    for (const line of list.trimEnd().split('\n')) assert.match(line, /^ {6}- [\w-]+ # \w/);
  }
});

test('only the exporter joins the network of the database', () => {
  const onBackend = services.filter(([, { networks }]) => networks.includes('backend'));
  assert.deepEqual(
    onBackend.map(([name]) => name),
    ['postgres-exporter'],
  );
  for (const [name, { networks }] of services) assert.ok(!networks.includes('frontend'), name);
});

test('each target that Prometheus asks for is a container', () => {
  const { scrape_configs: jobs } = parse(read('prometheus', 'prometheus.yml'));
  const platform = ['api', 'dash', 'react', 'traefik', 'localhost'];
  for (const { job_name: job, static_configs: targets = [], dns_sd_configs: names = [] } of jobs) {
    const hosts = [
      ...targets.flatMap((group) => group.targets.map((target) => target.split(':')[0])),
      ...names.flatMap((group) => group.names),
    ];
    assert.equal(hosts.length, 1, job);
    for (const host of hosts) assert.ok(host in compose.services || platform.includes(host), host);
  }
});

/** The files of this repository that a service mounts, below infrastructure/. */
function mountedFiles({ volumes = [] }) {
  const directory = join(REPO, 'infrastructure', 'docker');
  return volumes
    .filter((volume) => volume.startsWith('.'))
    .map((volume) => join(directory, volume.split(':')[0]))
    .flatMap((path) => {
      if (/\.\w+$/.test(path)) return [path];
      return readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    });
}

/** The values of the labels: variables that scripts/lib/compose.sh exports. */
function configVersions(repo) {
  const script =
    'source "$0/scripts/lib/platform.sh"; REPO=$1 RUN_DIR=$1/.run; export_versions; env';
  const output = execFileSync('bash', ['-c', script, REPO, repo], { encoding: 'utf8' });
  return new Map(
    [...output.matchAll(/^(\w+_CONFIG_VERSION)=(\w+)$/gm)].map((found) => found.slice(1)),
  );
}

test('another content of a file that is mounted changes a label of its readers, and of nobody else', () => {
  const copy = mkdtempSync(join(tmpdir(), 'mlp-config-'));
  try {
    const readers = new Map();
    for (const [name, service] of services) {
      // Grafana watches its dashboards.
      for (const file of mountedFiles(service).filter(
        (each) => !each.includes('/grafana/dashboards/'),
      )) {
        readers.set(file, [...(readers.get(file) ?? []), name]);
        cpSync(file, join(copy, relative(REPO, file)));
      }
    }
    assert.ok(readers.size > 10, `${readers.size} files`);
    let before = configVersions(copy);
    for (const [file, names] of readers) {
      appendFileSync(join(copy, relative(REPO, file)), '# changed\n');
      const now = configVersions(copy);
      const changed = services.filter(([, { labels }]) => {
        const [, variable] = labels?.['mlp.config-version'].match(/^\$\{(\w+):-\}$/) ?? [];
        return before.get(variable) !== now.get(variable);
      });
      assert.deepEqual(
        changed.map(([name]) => name),
        names,
        file,
      );
      before = now;
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('the alert on memory comes before the limit of each container', () => {
  const platform = parse(read('docker', 'docker-compose.yml'), { merge: true }).services;
  const rules = parse(read('prometheus', 'alerts', 'saturation.yml')).groups[0].rules;
  const { expr } = rules.find(({ alert }) => alert === 'ServiceMemoryHigh');
  const bounds = [...expr.matchAll(/\{job="(\w+)"\} > (\d+) \* 1024 \* 1024/g)];
  assert.deepEqual(
    bounds.map(([, job]) => job),
    ['api', 'dash', 'react'],
  );
  for (const [, job, bound] of bounds) {
    // Compose's M is a MiB.
    const [, limit] = platform[job].deploy.resources.limits.memory.match(/^(\d+)M$/);
    // In a cluster the container has the same limit, and so the same alert.
    assert.match(read('kubernetes', 'base', `${job}.yaml`), new RegExp(`memory: ${limit}Mi\\n`));
    assert.ok(bound / limit > 0.75 && bound / limit < 0.85, `${job}: ${bound} of ${limit} MiB`);
  }
});

test('facts that are told twice are the same', () => {
  // Traefik's metrics, in both modes.
  const { metrics } = parse(read('traefik', 'native', 'traefik.yml'));
  assert.equal(
    compose.services.traefik.environment.TRAEFIK_METRICS_PROMETHEUS_BUCKETS,
    metrics.prometheus.buckets.join(','),
  );
  // Jaeger's release, and the version of the module that native mode builds.
  const [, release] = compose.services.jaeger.image.match(/:(.+)$/);
  assert.ok(read('jaeger', 'go.mod').includes(`is Jaeger ${release},`), release);
});

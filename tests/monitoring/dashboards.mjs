/**
 * The dashboards as Grafana sees them: their panels, also those of rows that are closed, and every
 * query with what it belongs to.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REPO = join(import.meta.dirname, '..', '..');
const DIRECTORY = join(REPO, 'infrastructure', 'grafana', 'dashboards');

/** Every dashboard: { file, json }. */
export const dashboards = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, json: JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) }));

/** Every panel of a dashboard, rows left out. */
export function panelsOf(dashboard) {
  return dashboard.panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .filter((panel) => panel.type !== 'row');
}

/**
 * Every query of panels and annotations: { where, dashboard, datasource, expr, range, exemplar }.
 * `where` names it for people.
 */
export function queriesOf({ json }) {
  const ofPanels = panelsOf(json).flatMap((panel) =>
    panel.targets.map((target) => ({
      where: `${json.uid}: ${panel.title} (${target.refId})`,
      dashboard: json,
      datasource: (target.datasource ?? panel.datasource).uid,
      expr: target.expr,
      range: target.instant !== true,
      exemplar: target.exemplar === true,
    })),
  );
  const ofAnnotations = json.annotations.list.map((annotation) => ({
    where: `${json.uid}: annotation ${annotation.name}`,
    dashboard: json,
    datasource: annotation.datasource.uid,
    expr: annotation.target.expr,
    range: true,
    exemplar: false,
  }));
  return [...ofPanels, ...ofAnnotations];
}

/** The queries of all dashboards to one data source. */
export const queriesTo = (datasource) =>
  dashboards.flatMap(queriesOf).filter((query) => query.datasource === datasource);

/** Replaces $name and ${name} by `values[name]`; a name without a value is an error. ($1 is none.) */
export function interpolate(text, values) {
  return text.replaceAll(/\$(?:\{([a-z_]\w*)\}|([a-z_]\w*))/gi, (_, braced, plain) => {
    const name = braced ?? plain;
    if (!(name in values)) throw new Error(`$${name} is no variable of this dashboard: ${text}`);
    return values[name];
  });
}

// ` or vector(0)`, or with a label: ` or label_replace(vector(0), "kind", "none", "", "")`.
const FALLBACK = / or (?:vector\(0\)|label_replace\(vector\(0\)(?:, "[^"]*"){4}\))/g;

/** A query without what it says when it finds nothing. */
export const withoutFallback = (expr) => expr.replaceAll(FALLBACK, '');

/** What Grafana would put in for each variable of a dashboard, as far as files can tell. */
export function placeholders(dashboard) {
  return Object.fromEntries(
    dashboard.templating.list.map(({ name, type }) => [name, type === 'interval' ? '1m' : '.*']),
  );
}

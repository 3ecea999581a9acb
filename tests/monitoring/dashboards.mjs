/**
 * Reads the dashboards: their panels, also those of collapsed rows, and their queries.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REPO = join(import.meta.dirname, '..', '..');
const DIRECTORY = join(REPO, 'infrastructure', 'grafana', 'dashboards');

/** Every dashboard: { file, json }. */
export const dashboards = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, json: JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) }));

/** Every panel of a dashboard, without the rows. */
export function panelsOf(dashboard) {
  return dashboard.panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .filter((panel) => panel.type !== 'row');
}

/**
 * Every query of panels and annotations: { where, dashboard, datasource, expr, range, exemplar }.
 * `where` is its name in messages.
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

/** A query without its replacement for an empty result. */
export const withoutFallback = (expr) => expr.replaceAll(FALLBACK, '');

/** Values for the variables of a dashboard, as far as the files define them. */
export function placeholders(dashboard) {
  return Object.fromEntries(
    dashboard.templating.list.map(({ name, type }) => [name, type === 'interval' ? '1m' : '.*']),
  );
}

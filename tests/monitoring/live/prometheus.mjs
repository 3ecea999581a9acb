/**
 * Queries the Prometheus of the instance under test as Grafana does.
 */
const PROMETHEUS = `http://127.0.0.1:${process.env.PROMETHEUS_PORT ?? 9090}`;

const now = () => Date.now() / 1000;

/** The data of an answer of its HTTP API. */
export async function get(path, parameters = {}) {
  const reply = await fetch(`${PROMETHEUS}/api/v1/${path}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(30_000),
  });
  const { status, error, data } = await reply.json();
  if (status !== 'success') throw new Error(`${path} ${JSON.stringify(parameters)}: ${error}`);
  return data;
}

/** The values of a label in the matching series, as a dashboard's variable lists them. */
export const labelValues = (label, match) => get(`label/${label}/values`, { 'match[]': match });

/** The exemplars of the series that a query reads, from `start` (Unix time, seconds) on. */
export async function exemplarsOf(query, start) {
  const found = await get('query_exemplars', { query, start, end: now() });
  return found.flatMap((series) => series.exemplars);
}

/** The values that a panel would draw from `start` on: only finite numbers. */
export async function valuesOf(query, isRange, start) {
  const { result } = isRange
    ? await get('query_range', { query, start, end: now(), step: 5 })
    : await get('query', { query });
  return result
    .flatMap((series) => series.values ?? [series.value])
    .map(([, value]) => Number(value))
    .filter(Number.isFinite);
}

/**
 * Parses PromQL and LogQL with the parsers of the query editors of Prometheus and Grafana.
 */
import { parser as logql } from '@grafana/lezer-logql';
import { parser as promql } from '@prometheus-io/lezer-promql';

/** The syntax errors that `parser` finds in `text`: "character N: ...". These parsers never throw. */
function mistakes(parser, text) {
  const found = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError)
        found.push(`character ${node.from}: ${text.slice(node.from) || 'end'}`);
    },
  });
  return found;
}

export const promqlMistakes = (text) => mistakes(promql, text);
export const logqlMistakes = (text) => mistakes(logql, text);

/** The names of the metrics that a PromQL expression reads. */
export function metricNames(expr) {
  const names = new Set();
  promql.parse(expr).iterate({
    enter({ name, node }) {
      if (name !== 'VectorSelector') return;
      const identifier = node.getChild('Identifier');
      if (identifier) names.add(expr.slice(identifier.from, identifier.to));
    },
  });
  return [...names];
}

/** The label matchers of the first stream selector of a LogQL expression: their label names. */
export function streamLabels(expr) {
  const labels = new Set();
  logql.parse(expr).iterate({
    enter({ name, node }) {
      if (name !== 'Matcher') return;
      const label = node.getChild('Identifier');
      labels.add(expr.slice(label.from, label.to));
    },
  });
  return [...labels];
}

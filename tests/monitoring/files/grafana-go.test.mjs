/**
 * Grafana's own Go code reads dashboards and Alloy's configuration (../grafana-go). Go is nothing that
 * the platform needs, so this is skipped, and counted as skipped, where there is none.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const found = spawnSync('go', ['version']).status === 0;

test(
  "Grafana's own parsers take the dashboards and Alloy's configuration",
  { skip: !found && 'Go is not installed' },
  () => {
    execFileSync('go', ['test', '-count=1', './...'], {
      cwd: join(import.meta.dirname, '..', 'grafana-go'),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  },
);

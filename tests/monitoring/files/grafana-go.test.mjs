/**
 * Grafana's own Go code reads the dashboards and Alloy's configuration (../grafana-go). scripts/test.sh
 * provides Go and names it in GO; where neither that nor PATH has one, this is counted as skipped.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const { GO } = process.env;
const missing = !GO && spawnSync('go', ['version']).error !== undefined && 'Go is not installed';

test(
  "Grafana's own parsers take the dashboards and Alloy's configuration",
  { skip: missing },
  () => {
    const { status, stdout, stderr } = spawnSync(GO ?? 'go', ['test', '-count=1', './...'], {
      cwd: join(import.meta.dirname, '..', 'grafana-go'),
      // No other Go than the one that is there, no other modules than those of go.sum.
      env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  },
);

/**
 * Grafana's own Go code reads the dashboards and Alloy's configuration (../grafana-go). scripts/test.sh
 * provides Go and sets GO. If neither GO nor PATH has it, the test is skipped.
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
      // Download no other Go, and use only the modules of go.sum.
      env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  },
);

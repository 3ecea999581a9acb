/**
 * The jobs of the pipeline on this machine: scripts/ci/local.sh makes what they make.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';
import { commands, jobsOf } from './workflows.mjs';

/** What the jobs of CI make, with the settings that matter to it: `PRESET MODE TARGET SETTING...`. */
async function made() {
  const jobs = await jobsOf('ci');
  const legs = [...jobs.get('test').matchAll(/^ +preset: (\w+)\n +suites: (.+)$/gm)];
  const all = [];
  for (const [name, job] of jobs) {
    const mode = /^ {4}env:\n {6}MODE: (\w+)$/m.exec(job)?.[1] ?? '';
    for (const [, condition, command] of job.matchAll(
      /^ {6}- (?:if: (.+)\n +)?run: make (.+)$/gm,
    )) {
      if (name !== 'test') {
        all.push(`release ${mode} ${command.replaceAll('"', '')}`);
        continue;
      }
      for (const [, preset, suites] of legs) {
        if (condition && !condition.includes(`'${preset}'`)) continue;
        all.push(
          `${preset} ${mode} ${command.replace('"$SUITES"', suites === "''" ? '' : suites)}`,
        );
      }
    }
  }
  const image = (await commands('.github/actions/image/action.yml')).filter((each) =>
    each.startsWith('make '),
  );
  const services = /^ +service: \[(.+)\]$/m.exec(jobs.get('images'))[1].split(', ');
  for (const service of services) {
    for (const command of image) all.push(`release  ${command.slice(5)} SERVICE=${service}`);
  }
  return all;
}

test('scripts/ci/local.sh makes what the jobs of CI make, with their settings, and says what it leaves out', async (t) => {
  const box = await sandbox(t, {
    programs: {
      make: 'echo "${PRESET:-release} ${MODE:-} $*" >>"$MADE"',
      ...{ docker: '', trivy: '', terraform: '' },
    },
  });
  const env = { MADE: box.path('made') };
  const { code, output } = await box.run('scripts/ci/local.sh', [], { env });
  assert.equal(code, 0, output);
  const here = (await box.read('made')).trim().split('\n');
  // Written without settings it is the same.
  const there = (await made()).map((each) => each.replace(/ SUITES=$/, ''));
  assert.ok(there.length >= 15 && there.includes('tsan  test SUITES=unit integration'));
  assert.deepEqual(here.sort(), there.sort());
  assert.match(output, /codeql: left out/);
  // Jobs of the workflow are jobs there, or a part of one.
  const help = (await box.run('scripts/ci/local.sh', ['--help'])).output;
  for (const name of (await jobsOf('ci')).keys()) {
    if (/^(changes|publish|staging|green)$/.test(name)) continue;
    assert.match(help, new RegExp(`^  ${name} `, 'm'), name);
  }
});

/**
 * What no linter of workflows knows: that they do nothing but call what is in this repository, by names that exist
 * here, so that a person can do the same; what waits for what, who may do what, and what is left for other runs.
 */
import assert from 'node:assert/strict';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { JOBS, REPO, STEPS, TEXTS, action, jobsOf, read, tracked, workflow } from './workflows.mjs';

const ON_MAIN = "always() && github.ref == 'refs/heads/main'";
const needsOf = (job) => [job.needs ?? []].flat().sort();

// What a bare container needs before there is a tree to take a script from.
const BEFORE_CHECKOUT = /^apt-get update -qq && apt-get install .* ca-certificates git make$/;

test('every step is a make target or a script that exists', async () => {
  const makefile = await read('Makefile');
  const commands = STEPS.map(({ step }) => step.run).filter(Boolean);
  assert.ok(commands.length > 20);
  for (const command of commands) {
    // The second is how the job Green fails.
    if (BEFORE_CHECKOUT.test(command) || command === 'exit 1') continue;
    assert.doesNotMatch(command, /\n/);
    const [program, argument] = command.split(' ');
    if (program === 'make') {
      assert.match(makefile, new RegExp(`^${argument}: ##`, 'm'), command);
    } else {
      assert.match(program, /^scripts\/ci\/[a-z-]+\.sh$/, command);
      await access(join(REPO, program), constants.X_OK);
    }
  }
});

test('every action of others is pinned to one commit everywhere, with its version', async () => {
  const pins = new Map();
  for (const [file, text] of TEXTS) {
    for (const [line, name, pin] of text.matchAll(/uses: ([^\s@]+)@?(.*)$/gm)) {
      if (name.startsWith('./')) {
        await access(join(REPO, name));
        continue;
      }
      assert.match(pin, /^[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${file}: ${line}`);
      const repository = name.split('/', 2).join('/');
      assert.equal(pins.get(repository) ?? pin, pin, `${name} in ${file}`);
      pins.set(repository, pin);
    }
  }
  assert.ok(pins.size > 5);
});

test('every job with steps has a time limit', () => {
  assert.ok(JOBS.length > 10);
  for (const { file, name, job } of JOBS) {
    assert.ok(job.uses || job['timeout-minutes'] > 0, `${file}: ${name}`);
  }
});

test('Green waits for every job, and publishing for every check', () => {
  const { green, ...others } = workflow('ci').jobs;
  assert.deepEqual(needsOf(green), Object.keys(others).sort());
  // Without always() it would be skipped when a job has failed, and GitHub takes a skipped check for a passed one.
  assert.equal(green.if, 'always()');
  const failed = "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')";
  assert.deepEqual(green.steps, [{ if: failed, run: 'exit 1' }]);
  // For main the images are a part of publishing.
  const notChecks = /^(changes|images|publish|staging)$/;
  const checks = Object.keys(others).filter((name) => !notChecks.test(name));
  assert.ok(checks.includes('codeql'));
  assert.deepEqual(needsOf(others.publish), checks.sort());
});

test('a workflow that CI calls gets the rights that its jobs ask for, and no place in its queue', () => {
  const calls = jobsOf('ci').filter(([, job]) => job.uses);
  assert.equal(calls.length, 3);
  for (const [, { uses, permissions: given }] of calls) {
    const [, name] = /^\.\/\.github\/workflows\/(.+)\.yml$/.exec(uses);
    // With fewer GitHub starts nothing at all.
    for (const [inner, { permissions = {} }] of jobsOf(name)) {
      for (const [right, level] of Object.entries(permissions)) {
        assert.ok([level, 'write'].includes(given[right]), `${name}, ${inner}: ${right}`);
      }
    }
    // One that waited for the group of its caller would wait for ever.
    assert.ok('workflow_call' in workflow(name).on);
    assert.doesNotMatch(workflow(name).concurrency?.group ?? '', /^ci-|github\.workflow/, name);
  }
});

test('CodeQL runs where CI waits for it, and every week', () => {
  const { on, jobs, concurrency } = workflow('codeql');
  assert.deepEqual(Object.keys(on), ['workflow_call', 'schedule']);
  assert.ok(on.schedule[0].cron);
  // Both have one configuration for a language: GitHub tells them apart by this name.
  const categories = JSON.stringify(jobs).match(/"category":"\/language:/g);
  assert.equal(categories.length, 2);
  // In a queue with the weekly run, the newest to wait would replace one that CI waits for.
  assert.equal(concurrency, undefined);
});

test('whoever writes findings may read its own run, which a private copy has to ask for', () => {
  const writers = JOBS.filter(({ job }) => job.permissions?.['security-events']);
  assert.equal(writers.length, 6);
  for (const { file, name, job } of writers) {
    assert.equal(job.permissions.actions, 'read', `${file}, ${name}`);
  }
});

test('tests that read documents or manifests run for every change, with nothing of the platform', async () => {
  // Whatever changed: scripts/ci/changes.sh says of documents and manifests that they are not code.
  const { needs, if: condition, steps } = workflow('ci').jobs.files;
  assert.deepEqual([needs, condition], [undefined, undefined]);
  assert.ok(steps.some(({ run }) => run === 'make test SUITES="ci files"'));
  const script = await read('tests/runner/lane.sh');
  assert.match(
    script,
    /^ci_suite\(\) \{[^}]*tests\/\{ci,cloud,guide,runner,scripts\}\/\*\.test\.mjs\n\}/m,
  );
  assert.match(script, /^files_suite\(\) \{[^}]*files\/\*\.test\.mjs\n\}/m);
  const inJob = /^tests\/(ci|cloud|guide|runner|scripts|monitoring\/files)\//;
  const reads =
    /(read|join|readdir)\w*\(.*(docs|kubernetes|terraform|\.md)|'(docs|kubernetes|terraform)',/;
  let found = 0;
  for (const file of tracked('tests/*.test.mjs')) {
    if (!reads.test(await read(file))) continue;
    assert.match(file, inJob, `${file} reads what is not code`);
    found += 1;
  }
  assert.ok(found >= 3, `${found} files`);
  // Their lane starts before anything is built.
  const runner = await read('scripts/test.sh');
  assert.match(runner, /\[tree\]="react ci files"/);
  const started = runner.search(/^start_lane tree$/m);
  assert.ok(started > 0 && started < runner.search(/^ {4}build_targets /m));
});

test('every matrix of images has all of scripts/lib/images.sh', async () => {
  const [, names] = /^IMAGE_SERVICES=\((.+)\)$/m.exec(await read('scripts/lib/images.sh'));
  const found = JOBS.map(({ job }) => job.strategy?.matrix?.service).filter(Boolean);
  assert.deepEqual(found, Array(3).fill(names.split(' ')));
});

test('a rolling deployment under load is a part of CI, of the release and nothing slower', async () => {
  const { steps, env } = workflow('ci').jobs.test;
  const rolling = steps.find(({ run }) => run === 'make rolling');
  assert.equal(rolling.if, undefined);
  // No preset: scripts/lib/setup.sh has the release as the default, which only make test replaces for itself.
  assert.deepEqual([env?.PRESET, rolling.env?.PRESET], [undefined, undefined]);
  assert.match(await read('scripts/lib/setup.sh'), /^PRESET=\$\{PRESET:-release\}$/m);
  assert.ok(steps.some((step) => step.with?.path?.includes('.run/rolling/logs/')));
  assert.match(await read('.ci/run'), /^stage .* make rolling$/m);
  assert.match(await read('Makefile'), /^rolling: ## .*\n\t@tests\/rolling\/run\.sh$/m);
});

test('every part of make check-all runs each week, but the one that needs root', async () => {
  const makefile = await read('Makefile');
  const parts = /^PARTS \?= (.+)$/m.exec(makefile)[1].split(' ');
  const weekly = workflow('weekly');
  assert.ok(weekly.on.schedule[0].cron);
  const { part: ofTheWeek } = weekly.jobs['check-all'].strategy.matrix;
  assert.deepEqual([...ofTheWeek, 'containers'].sort(), parts.sort());
  for (const part of parts) {
    assert.match(makefile, new RegExp(`^check-${part}: ## .*\\n\\t@\\S`, 'm'), part);
  }
});

test('.ci/run joins what it starts beside other stages; make test builds with both sanitizers', async () => {
  const run = await read('.ci/run');
  const names = (word) => [...run.matchAll(new RegExp(`^${word} "(.+?)"`, 'gm'))].map((m) => m[1]);
  assert.ok(names('beside').length >= 2);
  assert.deepEqual(names('join'), names('beside'));
  assert.match(await read('scripts/test.sh'), /^PRESET=\$\{PRESET:-asan\}$/m);
  assert.match(
    await read('CMakePresets.json'),
    /"name": "asan",[^}]*"MLP_SANITIZE": "address,undefined"/s,
  );
});

test('what a page calls a stage of .ci/run is one', async () => {
  const stages = (await read('.ci/run')).match(/^stage .+$/gm);
  const pages = await Promise.all(tracked('tests/*README.md').map(read));
  const named = pages.flatMap((page) => [
    ...page.matchAll(/^ {4}(\S.*?) {2,}\(.*stage of \.ci\/run/gm),
  ]);
  assert.ok(named.length >= 2);
  for (const [, command] of named) {
    assert.ok(
      stages.some((stage) => stage.endsWith(` ${command}`)),
      command,
    );
  }
});

// --- Caches and artifacts ----------------------------------------------------------------------
test('caches are read by every run, and written by those of main alone', () => {
  const uses = (pattern) => STEPS.filter(({ step }) => pattern.test(step.uses ?? ''));
  // That one saves whatever the branch is.
  assert.deepEqual(uses(/^actions\/cache@/), []);
  // Who calls our action for it decides; in there is nothing else.
  const saving = uses(/^(actions\/cache\/save@|\.\/\.github\/actions\/keep$)/).filter(
    ({ file }) => !file.includes('actions/keep/'),
  );
  assert.ok(saving.length >= 3);
  for (const { file, step } of saving) assert.ok(step.if.startsWith(ON_MAIN), file);
  const { env } = action('image').runs.steps.find(({ run }) => run === 'make image');
  assert.equal(env.IMAGE_CACHE, "${{ github.ref == 'refs/heads/main' && 'gha' || 'gha-read' }}");
});

test('what is kept is what is looked for', () => {
  const caches = (name) =>
    action(name)
      .runs.steps.filter(({ uses }) => uses?.startsWith('actions/cache/'))
      // One that was looked up a step before.
      .filter((step) => !step.with.key.includes('cache-primary-key'))
      .map((step) => [step.with.path, step.with.key]);
  assert.equal(caches('debian').length, 3);
  assert.deepEqual(caches('keep'), caches('debian'));
});

test('a changed list of tools is another set of tools', () => {
  const [key] = JSON.stringify(action('debian')).match(/hashFiles\([^)]*requirements[^)]*\)/);
  const patterns = [...key.matchAll(/'([^']+)'/g)].map(([, pattern]) => pattern);
  const covered = (file) =>
    patterns.some(
      (each) => each === file || (each.includes('*') && file.startsWith(each.split('*')[0])),
    );
  const lists = tracked('*requirements*.txt', '*go-tools.txt', '*go-linters.txt', '*crds.txt');
  // Of other jobs: the API server has a cache of its own, the benchmark and the typed guide are not run there.
  const others = /^(benchmarks|tests\/guide|infrastructure\/kubernetes\/apiserver)\//;
  for (const file of lists.filter((each) => !others.test(each))) assert.ok(covered(file), file);
  for (const file of patterns) assert.ok(tracked(file)[0], file);
});

test('a run that is repeated replaces its artifacts, which else would fail it', () => {
  const uploads = STEPS.filter(({ step }) => step.uses?.startsWith('actions/upload-artifact@'));
  assert.ok(uploads.length >= 5);
  for (const { file, step } of uploads) assert.equal(step.with.overwrite, true, file);
});

test('a release to staging that failed leaves the log and the pictures of its end-to-end tests', async () => {
  const { steps } = workflow('cd-staging').jobs.deploy;
  const release = steps.findIndex(({ run }) => run?.startsWith('scripts/ci/release.sh'));
  const upload = steps[release + 1];
  assert.equal(upload.if, 'failure()');
  assert.equal(upload.with.path, '.run/logs/\n.run/reports/\n');
  assert.equal(upload.with['include-hidden-files'], true);
  // Where they are written: without RUN_DIR of its own, make e2e has that of the tree.
  assert.match(await read('tests/e2e/browser.mjs'), /join\(process\.env\.RUN_DIR .*'reports'\)/);
  assert.doesNotMatch(await read('tests/e2e/run.sh'), /^RUN_DIR=/m);
});

test('no token from the start of a job is used at its end', () => {
  const { outputs, runs } = action('google');
  assert.equal(outputs, undefined);
  const gcloud = runs.steps.find(({ uses }) => uses?.includes('/setup-gcloud@'));
  assert.match(gcloud.with.version, /^\d+\.\d+\.\d+$/);
  assert.equal(gcloud.with.install_components, 'gke-gcloud-auth-plugin');
  assert.ok(runs.steps.some(({ run }) => run === 'scripts/ci/cluster-credentials.sh'));
  assert.ok(!runs.steps.some(({ uses }) => uses?.includes('get-gke-credentials')));
  // scripts/slo-watch.py asks for one before each watch, unless it is given one.
  const { steps } = workflow('cd-production').jobs.deploy;
  const { env } = steps.find(({ run }) => run?.startsWith('scripts/ci/release.sh'));
  assert.match(env.PROMETHEUS_URL, /^https:\/\/monitoring\.googleapis\.com\//);
  assert.ok(!JSON.stringify(workflow('cd-production')).includes('PROMETHEUS_TOKEN'));
});

/**
 * What no linter of workflows knows: that they do nothing but call what is in this repository, by names that exist
 * here, so that a person can do the same; what waits for what, and who may do what.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { FILES, REPO, commands, jobsOf, needsOf, read, rightsOf, tracked } from './workflows.mjs';

// What a bare container needs before there is a tree to take a script from.
const BEFORE_CHECKOUT = /^apt-get update -qq && apt-get install .* ca-certificates git make$/;

test('there are workflows to look at', () => {
  assert.ok(FILES.length >= 8, FILES.join(' '));
});

for (const file of FILES) {
  test(`${file}: every step is a make target or a script that exists`, async () => {
    const makefile = await read('Makefile');
    for (const command of await commands(file)) {
      // The second is how the job Green fails, which is tested below.
      if (BEFORE_CHECKOUT.test(command) || command === 'exit 1') continue;
      const [program, argument] = command.split(' ');
      if (program === 'make') {
        assert.match(makefile, new RegExp(`^${argument}: ##`, 'm'), command);
      } else {
        assert.match(program, /^scripts\/ci\/[a-z-]+\.sh$/, command);
        await access(join(REPO, program), constants.X_OK);
      }
    }
  });

  test(`${file}: every action of others is pinned to a commit, with its version`, async () => {
    for (const [line, name] of (await read(file)).matchAll(/uses: (\S+).*$/gm)) {
      if (name.startsWith('./')) await access(join(REPO, name));
      else assert.match(line, /uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
}

test('the same action is pinned to the same commit everywhere', async () => {
  const pins = new Map();
  for (const file of FILES) {
    for (const [, name, commit] of (await read(file)).matchAll(
      /uses: ([\w-]+\/[\w-]+)\S*@(\S+)/g,
    )) {
      assert.equal(pins.get(name) ?? commit, commit, `${name} in ${file}`);
      pins.set(name, commit);
    }
  }
  assert.ok(pins.size > 5);
});

for (const file of FILES.filter((name) => name.includes('workflows'))) {
  test(`${file}: every job with steps has a time limit`, async () => {
    const jobs = await jobsOf(basename(file, '.yml'));
    assert.ok(jobs.size > 0);
    for (const [name, job] of jobs) {
      if (/^ {4}uses: /m.test(job)) continue;
      assert.match(job, /^ {4}timeout-minutes: \d+$/m, name);
    }
  });
}

test('Green waits for every job, and publishing for every check', async () => {
  const jobs = await jobsOf('ci');
  const others = [...jobs.keys()].filter((name) => name !== 'green').sort();
  assert.deepEqual(needsOf(jobs.get('green')), others);
  // For main the images are a part of publishing.
  const checks = others.filter((name) => !/^(changes|images|publish|staging)$/.test(name));
  assert.ok(checks.includes('codeql'));
  assert.deepEqual(needsOf(jobs.get('publish')), checks);
  // Without always() it would be skipped when a job has failed, and GitHub takes a skipped check for a passed one.
  assert.match(
    jobs.get('green'),
    /^ {4}if: always\(\)$[^]*- if: contains\(needs\.\*\.result, 'failure'\) \|\| contains\(needs\.\*\.result, 'cancelled'\)\n {8}run: exit 1$/m,
  );
});

test('a workflow that CI calls gets the rights that its jobs ask for, and no place in its queue', async () => {
  let called = 0;
  for (const job of (await jobsOf('ci')).values()) {
    const [, name] = /^ {4}uses: \.\/\.github\/workflows\/([a-z-]+)\.yml$/m.exec(job) ?? [];
    if (!name) continue;
    called += 1;
    // With fewer GitHub starts nothing at all.
    const given = rightsOf(job);
    for (const [inner, text] of await jobsOf(name)) {
      for (const [right, level] of rightsOf(text)) {
        assert.ok([level, 'write'].includes(given.get(right)), `${name}, ${inner}: ${right}`);
      }
    }
    // One that waited for the group of its caller would wait for ever.
    const text = await read(`.github/workflows/${name}.yml`);
    assert.match(text, /^ {2}workflow_call:/m);
    assert.doesNotMatch(text, /^ {2}group: (ci-|.*github\.workflow)/m, name);
  }
  assert.equal(called, 3);
});

test('CodeQL runs where CI waits for it, and every week', async () => {
  const text = await read('.github/workflows/codeql.yml');
  const [triggers] = text.split(/^permissions:/m);
  assert.match(triggers, /^on:\n {2}workflow_call:\n {2}schedule:\n {4}- cron: /m);
  // Both have one configuration for a language: GitHub tells them apart by this name.
  assert.equal(text.match(/^ +category: \/language:/gm).length, 2);
  // In a queue with the weekly run, the newest to wait would replace one that CI waits for.
  assert.doesNotMatch(text, /^concurrency:/m);
});

test('whoever writes findings may read its own run, which a private copy has to ask for', async () => {
  let found = 0;
  for (const name of ['ci', 'codeql', 'publish']) {
    for (const [job, text] of await jobsOf(name)) {
      if (!rightsOf(text).has('security-events')) continue;
      assert.equal(rightsOf(text).get('actions'), 'read', `${name}, ${job}`);
      found += 1;
    }
  }
  assert.equal(found, 6);
});

test('tests that read documents or manifests run for every change, with nothing of the platform', async () => {
  const job = (await jobsOf('ci')).get('files');
  // Whatever changed: scripts/ci/changes.sh says of documents and manifests that they are not code.
  assert.doesNotMatch(job, /^ {4}(needs|if): /m);
  assert.match(job, /- run: make test SUITES="ci files"\n/);
  const script = await read('scripts/test.sh');
  assert.match(script, /^ci_suite\(\) \{[^}]*tests\/\{ci,guide\}\/\*\.test\.mjs\n\}/m);
  assert.match(script, /^files_suite\(\) \{[^}]*files\/\*\.test\.mjs\n\}/m);
  const inJob = /^tests\/(ci|guide|monitoring\/files)\//;
  const reads =
    /(read|join|readdir)\w*\(.*(docs|kubernetes|terraform|\.md)|'(docs|kubernetes|terraform)',/;
  let found = 0;
  for (const file of tracked('tests/*.test.mjs')) {
    if (!reads.test(await read(file))) continue;
    assert.match(file, inJob, `${file} reads what is not code`);
    found += 1;
  }
  assert.ok(found >= 5, `${found} files`);
  const [, platform] = /^if (wants .+); then\n {4}locate_postgres$/m.exec(script);
  assert.doesNotMatch(platform, /wants (ci|files)/);
});

test('every matrix of images has all of scripts/lib/images.sh', async () => {
  const [, names] = /^IMAGE_SERVICES=\((.+)\)$/m.exec(await read('scripts/lib/images.sh'));
  const lists = await Promise.all(
    ['ci', 'publish'].map((name) => read(`.github/workflows/${name}.yml`)),
  );
  const found = [...lists.join('').matchAll(/^ +service: \[(.+)\]$/gm)].map(([, list]) => list);
  assert.deepEqual(found, Array(3).fill(names.replaceAll(' ', ', ')));
});

test('a rolling deployment under load is a part of CI, of the release and nothing slower', async () => {
  const workflow = await read('.github/workflows/ci.yml');
  const job = workflow.slice(workflow.indexOf('\n  test:'), workflow.indexOf('\n  containers:'));
  assert.match(job, /- if: matrix\.preset == 'release'\n +run: make rolling\n/);
  assert.match(job, /\.run\/rolling\/logs\//);
  assert.match(await read('.ci/run'), /^stage .* make rolling$/m);
  assert.match(await read('Makefile'), /^rolling: ## .*\n\t@tests\/rolling\/run\.sh$/m);
});

test('what a page calls a stage of .ci/run is one', async () => {
  const run = await read('.ci/run');
  const pages = execFileSync('git', ['ls-files', 'tests/*README.md'], {
    cwd: REPO,
    encoding: 'utf8',
  });
  let found = 0;
  for (const page of pages.trim().split('\n')) {
    for (const [, command] of (await read(page)).matchAll(
      /^ {4}(\S.*?) {2,}\(.*stage of \.ci\/run/gm,
    )) {
      found += 1;
      assert.ok(
        run.split('\n').some((line) => /^stage /.test(line) && line.endsWith(` ${command}`)),
        command,
      );
    }
  }
  assert.ok(found >= 2, pages);
});

test('tests/ci/README.md lists every test', async () => {
  const page = await read('tests/ci/README.md');
  const names = await readdir(import.meta.dirname);
  const tests = names.filter((name) => name.endsWith('.test.mjs'));
  for (const name of tests) assert.ok(page.includes(`\`${name}\``), name);
});

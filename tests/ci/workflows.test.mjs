/**
 * What no linter of workflows knows: that they do nothing but call what is in this repository, by names that exist
 * here, so that a person can do the same.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, constants, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

import { sandbox } from './sandbox.mjs';

const REPO = join(import.meta.dirname, '..', '..');
const read = (path) => readFile(join(REPO, path), 'utf8');
const GITHUB = await readdir(join(REPO, '.github'), { recursive: true });
const FILES = GITHUB.filter((name) => /^(workflows|actions)\/.*\.yml$/.test(name)).map(
  (name) => `.github/${name}`,
);

// What a bare container needs before there is a tree to take a script from.
const BEFORE_CHECKOUT = /^apt-get update -qq && apt-get install .* ca-certificates git make$/;

/** Files of this repository that git knows, by pattern. */
const tracked = (...patterns) =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: REPO, encoding: 'utf8' })
    .trim()
    .split('\n');

/** The jobs of a workflow: name -> its lines. */
async function jobsOf(name) {
  const [, text] = (await read(`.github/workflows/${name}.yml`)).split(/^jobs:$/m);
  const [, ...jobs] = text.split(/^ {2}(?=[a-z-]+:$)/m);
  return new Map(jobs.map((job) => [job.slice(0, job.indexOf(':')), job]));
}

/** The commands of every step of a file. */
async function commands(file) {
  return [...(await read(file)).matchAll(/^\s*(?:- )?run: (.+)$/gm)].map(([, command]) => command);
}

test('there are workflows to look at', () => {
  assert.ok(FILES.length >= 8, FILES.join(' '));
});

for (const file of FILES) {
  test(`${file}: every step is a make target or a script that exists`, async () => {
    const makefile = await read('Makefile');
    for (const command of await commands(file)) {
      if (BEFORE_CHECKOUT.test(command)) continue;
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

/** What a job needs, and what it may do: `name -> level`. */
const needsOf = (job) => /^ {4}needs:\s+\[?([^\]\n]+)\]?$/m.exec(job)?.[1].split(', ').sort() ?? [];
const rightsOf = (job) =>
  new Map(
    [
      ...(/^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(job)?.[1] ?? '').matchAll(
        /^ +([a-z-]+): (\w+)/gm,
      ),
    ].map((found) => found.slice(1)),
  );

/** The steps of a job, or of an action of ours. */
const stepsOf = (text) => text.split(/^ {4,6}- (?=if:|id:|name:|uses:|run:|shell:)/m).slice(1);

test('caches are read by every run, and written by those of main alone', async () => {
  let saves = 0;
  for (const file of FILES) {
    const text = await read(file);
    assert.doesNotMatch(text, /uses: actions\/cache@/, `${file}: it saves whatever the branch is`);
    for (const step of stepsOf(text)) {
      // Who calls our action for it decides; in there is nothing else.
      const saving = file.includes('actions/keep/')
        ? false
        : /uses: (actions\/cache\/save@|\.\/\.github\/actions\/keep$)/m.test(step);
      if (!saving) continue;
      saves += 1;
      assert.match(
        step,
        /^if: always\(\) && github\.ref == 'refs\/heads\/main'/,
        `${file}: ${step}`,
      );
    }
  }
  assert.ok(saves >= 3, `${saves}`);
  const image = await read('.github/actions/image/action.yml');
  assert.match(
    image,
    /IMAGE_CACHE: \$\{\{ github\.ref == 'refs\/heads\/main' && 'gha' \|\| 'gha-read' \}\}/,
  );
});

test('what is kept is what is looked for', async () => {
  const caches = async (name) =>
    stepsOf(await read(`.github/actions/${name}/action.yml`))
      .filter((step) => step.includes('actions/cache/'))
      .map((step) => [
        /^ +path: (.+\n(?: {10}.+\n)*)/m.exec(step)[1],
        /^ +key: (.+)$/m.exec(step)[1],
      ])
      // One that was looked up a step before.
      .filter(([, key]) => !key.includes('cache-primary-key'))
      .map((each) => each.join(' '));
  const looked = await caches('debian');
  assert.equal(looked.length, 3);
  assert.deepEqual(await caches('keep'), looked);
});

test('a changed list of tools is another set of tools', async () => {
  const action = await read('.github/actions/debian/action.yml');
  const [, list] = /hashFiles\(([^)]*requirements[^)]*)\)/.exec(action);
  const patterns = [...list.matchAll(/'([^']+)'/g)].map(([, pattern]) => pattern);
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

test('a run that is repeated replaces its artifacts, which else would fail it', async () => {
  let uploads = 0;
  for (const file of FILES) {
    for (const step of stepsOf(await read(file))) {
      if (!step.includes('actions/upload-artifact@')) continue;
      uploads += 1;
      assert.match(step, /^ {10}overwrite: true$/m, `${file}: ${step}`);
    }
  }
  assert.ok(uploads >= 5, `${uploads}`);
});

test('a release to staging that failed leaves the log and the pictures of its end-to-end tests', async () => {
  const steps = stepsOf((await jobsOf('cd-staging')).get('deploy'));
  const release = steps.findIndex((step) => step.includes('scripts/ci/release.sh'));
  const upload = steps[release + 1];
  assert.match(upload, /^if: failure\(\)\n +uses: actions\/upload-artifact@/);
  assert.match(upload, /^ {12}\.run\/logs\/\n {12}\.run\/reports\/$/m);
  assert.match(upload, /include-hidden-files: true/);
  // Where they are written: without RUN_DIR of its own, make e2e has that of the tree.
  assert.match(await read('tests/e2e/browser.mjs'), /join\(process\.env\.RUN_DIR .*'reports'\)/);
  assert.doesNotMatch(await read('scripts/e2e.sh'), /^RUN_DIR=/m);
});

test('Green waits for every job, and publishing for every check', async () => {
  const jobs = await jobsOf('ci');
  const others = [...jobs.keys()].filter((name) => name !== 'green').sort();
  assert.deepEqual(needsOf(jobs.get('green')), others);
  // For main the images are a part of publishing.
  const checks = others.filter((name) => !/^(changes|images|publish|staging)$/.test(name));
  assert.ok(checks.includes('codeql'));
  assert.deepEqual(needsOf(jobs.get('publish')), checks);
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

/** What Dependabot is told: for each entry its ecosystem, its text, and whether it looks into a folder. */
async function dependabot() {
  const [, ...entries] = (await read('.github/dependabot.yml')).split(
    /^ {2}- package-ecosystem: /m,
  );
  return entries.map((text) => {
    const inline = /^ {4}director(?:y|ies): \[?([^\]\n]+)\]?$/m.exec(text)?.[1];
    const list = inline ? inline.split(', ') : text.match(/(?<=^ {6}- )\/\S*/gm);
    const looksInto = (folder) => list.some((each) => matchesGlob(`/${folder}`, each));
    return { ecosystem: /^\S+/.exec(text)[0], text, looksInto };
  });
}
/** A folder, or `FOLDER/*` for those directly in it. */
const matchesGlob = (folder, pattern) =>
  pattern.endsWith('/*') ? dirname(folder) === pattern.slice(0, -2) : folder === pattern;
const folderOf = (file) => dirname(file).replace(/^\.$/, '');

/** Files of `patterns` whose text has `mark`: all that Dependabot can read of an ecosystem. */
const withText = async (mark, ...patterns) => {
  const texts = await Promise.all(
    tracked(...patterns).map(async (file) => [file, await read(file)]),
  );
  return texts.filter(([, text]) => mark.test(text)).map(([file]) => file);
};
for (const [ecosystem, what, files] of [
  ['gomod', 'Go modules', () => tracked('*go.mod')],
  // Also those that are named after what they are for: requirements-lint.txt.
  ['pip', 'lists of wheels', () => tracked('*requirements*.txt')],
  ['terraform', 'providers', () => withText(/required_providers|^module /m, '*.tf')],
  ['docker-compose', 'Compose files', () => tracked('*compose*.yml')],
  // Not a list of changes to objects, which is no object itself (components/cloud-sql).
  [
    'docker',
    'manifests',
    () => withText(/^apiVersion: [^]* image: \S+:v?\d/m, 'infrastructure/kubernetes/*.yaml'),
  ],
  ['github-actions', 'actions of ours', () => tracked('.github/actions/*/action.yml')],
]) {
  test(`Dependabot looks at all ${what}, each in one place`, async () => {
    const entries = (await dependabot()).filter((entry) => entry.ecosystem === ecosystem);
    const found = await files();
    assert.ok(found.length >= 3, found.join(' '));
    for (const file of found) {
      const here = entries.filter(({ looksInto }) => looksInto(folderOf(file)));
      assert.equal(here.length, 1, `${file}: ${here.length} entries`);
    }
  });
}

test('no Dockerfile names a version that only Dependabot would look at', async () => {
  const files = tracked('*Dockerfile*');
  assert.ok(files.length >= 6, files.join(' '));
  for (const file of files) {
    for (const [line] of (await read(file)).matchAll(/^FROM .+$/gm)) {
      // A variable (which it does not read), another stage, or a release of Debian without a version.
      assert.match(
        line,
        /^FROM (--platform=\S+ )?(\$\{\w+\}|[a-z]+|debian:[a-z-]+)( AS [a-z-]+)?$/,
        file,
      );
    }
  }
});

test('Dependabot looks at every npm package: each belongs to the lock file of the root', async () => {
  const { workspaces } = JSON.parse(await read('package.json'));
  const packages = tracked('*package.json').map(folderOf).filter(Boolean);
  assert.deepEqual(packages.sort(), workspaces.sort());
  const entries = (await dependabot()).filter(({ ecosystem }) => ecosystem === 'npm');
  assert.equal(entries.filter(({ looksInto }) => looksInto('')).length, 1);
});

test('what a cluster and the containers both run comes in one pull request', async () => {
  const group = 'multi-ecosystem-group: containers';
  const [compose, manifests] = ['infrastructure/docker', 'infrastructure/kubernetes/base'];
  const entries = await dependabot();
  const grouped = entries.filter(({ text }) => text.includes(group));
  assert.equal(grouped.length, 2);
  for (const folder of [compose, manifests]) {
    const [entry] = grouped.filter(({ looksInto }) => looksInto(folder));
    assert.match(entry.text, /^ {4}patterns: \['\*'\]$/m, folder);
    // One that cannot be merged would hold up the others.
    assert.match(entry.text, /dependency-name: postgres, update-types: .*major/, folder);
  }
  assert.match(
    await read('.github/dependabot.yml'),
    /^multi-ecosystem-groups:\n(?: +#.*\n)* {2}containers:\n {4}schedule:/m,
  );
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

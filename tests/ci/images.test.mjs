/**
 * Images on their way: scanned, published in two registries under one digest, and verified before they are deployed.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { digest, imagesFile, sandbox } from './sandbox.mjs';

// --- Scanning ----------------------------------------------------------------------------------
const TRIVY = `
while (($#)); do case $1 in --output) shift; printf '%s' "$REPORT" >"$1" ;; --exit-code) gate=1 ;; esac; shift; done
[[ -z \${gate:-} || -z \${VULNERABLE:-} ]]`;
const TWO_PACKAGES = '"SPDXID": "SPDXRef-Package-1"\n"SPDXID": "SPDXRef-Package-2"\n';

async function scan(t, env) {
  const box = await sandbox(t, { programs: { trivy: TRIVY } });
  const result = await box.run('scripts/image.sh', ['scan'], {
    env: { SERVICE: 'api', REPORT: TWO_PACKAGES, ...env },
  });
  return { ...result, calls: await box.calls() };
}

test('a clean image passes the scan, with a report for people and one for GitHub', async (t) => {
  const { code, output, calls } = await scan(t);
  assert.equal(code, 0, output);
  assert.match(output, /2 packages/);
  assert.ok(calls.some((call) => call.includes('--format sarif')));
});

test('a vulnerability that has a fix stops the image', async (t) => {
  const { code, calls } = await scan(t, { VULNERABLE: '1' });
  assert.equal(code, 1);
  const gate = calls.find((call) => call.includes('--exit-code 1'));
  assert.match(gate, /--ignore-unfixed --severity HIGH,CRITICAL/);
});

test('a scan that sees no package at all is no scan', async (t) => {
  const { code, output } = await scan(t, { REPORT: '{}' });
  assert.equal(code, 1);
  assert.match(output, /sees no package/);
});

// --- Building ----------------------------------------------------------------------------------
for (const [setting, reads, writes] of [
  [undefined, false, false],
  ['gha', true, true],
  ['gha-read', true, false],
]) {
  test(`layers kept by GitHub, IMAGE_CACHE=${setting ?? ''}: read ${reads}, written ${writes}`, async (t) => {
    const box = await sandbox(t, {
      programs: { docker: '', git: 'case $* in *rev-parse*) echo c0ffee ;; *) echo 1 ;; esac' },
    });
    const env = { SERVICE: 'api', ...(setting && { IMAGE_CACHE: setting }) };
    const { code, output } = await box.run('scripts/image.sh', ['build'], { env });
    assert.equal(code, 0, output);
    const [build] = (await box.calls()).filter((call) => call.startsWith('docker buildx build'));
    assert.equal(build.includes('--cache-from type=gha'), reads);
    assert.equal(build.includes('--cache-to type=gha'), writes);
  });
}

test('a cache that there is not is refused', async (t) => {
  const box = await sandbox(t, { programs: { docker: '', git: 'echo 1' } });
  const env = { SERVICE: 'api', IMAGE_CACHE: 'other' };
  const { code, output } = await box.run('scripts/image.sh', ['build'], { env });
  assert.equal(code, 1);
  assert.match(output, /IMAGE_CACHE/);
});

// --- Publishing --------------------------------------------------------------------------------
// The manifest of the image that both architectures became; its hash is the digest.
const INDEX = 'a manifest';
const INDEX_DIGEST = `sha256:${createHash('sha256').update(INDEX).digest('hex')}`;
const DOCKER = `
case $* in *inspect*registry.google*) printf %s "$COPY" ;; *inspect*) printf %s "$INDEX" ;; esac`;

async function publish(t, env = {}) {
  const box = await sandbox(t, {
    programs: { docker: DOCKER, cosign: '' },
    files: {
      'pushed/amd64/api.digest': digest('1'),
      'pushed/arm64/api.digest': digest('2'),
    },
  });
  const result = await box.run('scripts/ci/publish.sh', ['api', 'pushed'], {
    env: {
      GHCR: 'ghcr.test/Some-Owner',
      TAG: 'sha-1',
      INDEX,
      COPY: INDEX,
      ...env,
    },
  });
  return { ...result, box, calls: await box.calls() };
}

test('both architectures become one image, signed by its digest', async (t) => {
  const { code, output, box, calls } = await publish(t);
  assert.equal(code, 0, output);
  const name = 'ghcr.test/some-owner/mlp-api';
  assert.ok(
    calls[0].endsWith(`--tag ${name}:sha-1 ${name}@${digest('1')} ${name}@${digest('2')}`),
    calls[0],
  );
  assert.deepEqual(
    calls.filter((call) => call.startsWith('cosign')),
    [`cosign sign --yes ${name}@${INDEX_DIGEST}`],
  );
  assert.equal(await box.read('image-api.txt'), `mlp/api=${name}@${INDEX_DIGEST}\n`);
  assert.equal(await box.read('output'), `name=${name}\ndigest=${INDEX_DIGEST}\n`);
});

test('the copy at Google has the same digest, is signed too, and is what gets deployed', async (t) => {
  const { code, box, calls } = await publish(t, { IMAGE_REPOSITORY: 'registry.google/p/mlp' });
  assert.equal(code, 0);
  assert.equal(calls.filter((call) => call.startsWith('cosign sign')).length, 2);
  assert.equal(
    await box.read('image-api.txt'),
    `mlp/api=registry.google/p/mlp/mlp-api@${INDEX_DIGEST}\n`,
  );
});

test('a copy that became another image is not signed', async (t) => {
  const env = { IMAGE_REPOSITORY: 'registry.google/p/mlp', COPY: 'another manifest' };
  const { code, calls } = await publish(t, env);
  assert.equal(code, 1);
  assert.ok(!calls.some((call) => call.startsWith('cosign')));
});

test('the images of all jobs become one list, and a missing one is noticed', async (t) => {
  const [api, dash, react] = imagesFile('5').split(/(?<=\n)/);
  const box = await sandbox(t, {
    files: { 'images/image-api.txt': api, 'images/image-d.txt': dash },
  });
  const collect = () => box.run('scripts/ci/collect-images.sh', ['images', 'images.txt']);
  assert.equal((await collect()).code, 1);
  await box.write('images/image-r.txt', react);
  assert.equal((await collect()).code, 0);
  assert.equal(await box.read('images.txt'), imagesFile('5'));
});

// --- Verifying ---------------------------------------------------------------------------------
const FAILS_AT = '[[ -z ${FAIL:-} || ! "$*" =~ $FAIL ]]';
const COMMIT = 'c0ffee'.padEnd(40, '0');
const OTHER_COMMIT = 'bad'.padEnd(40, '0');
const PROVENANCE = 'https://slsa.dev/provenance/v1';
const TEST_RESULT = 'https://in-toto.io/attestation/test-result/v0.1';

/** What `gh attestation verify --format json` prints of attestations of this type. */
const verified = (predicateType, ...predicates) =>
  JSON.stringify(
    predicates.map((predicate) => ({
      verificationResult: { statement: { predicateType, predicate } },
    })),
  );
const tested = (...commits) =>
  verified(
    TEST_RESULT,
    ...commits.map((gitCommit) => ({ configuration: [{ digest: { gitCommit } }] })),
  );
const GH = `
${FAILS_AT} || exit 1
case $* in *test-result*) printf %s "$TESTED" ;; *) printf %s "$BUILT" ;; esac`;

async function verify(t, args = [], env = {}) {
  const box = await sandbox(t, {
    programs: { cosign: FAILS_AT, gh: GH },
    files: { 'images.txt': imagesFile('6') },
  });
  const result = await box.run('scripts/ci/verify-images.sh', ['images.txt', ...args], {
    env: {
      GITHUB_REPOSITORY: 'owner/name',
      BUILT: verified(PROVENANCE, {}),
      TESTED: tested(COMMIT),
      ...env,
    },
  });
  return { ...result, calls: await box.calls() };
}

test('each image must be signed and attested by the publishing workflow on main', async (t) => {
  const { code, calls } = await verify(t);
  assert.equal(code, 0);
  assert.equal(calls.length, 6);
  const [signature, provenance] = calls;
  assert.match(signature, new RegExp(`^cosign verify registry.test/mlp-api@${digest('6')} `));
  assert.match(
    signature,
    /--certificate-identity https:\/\/github.com\/owner\/name\/.github\/workflows\/publish.yml@refs\/heads\/main$/,
  );
  assert.match(provenance, /--signer-workflow owner\/name\/.github\/workflows\/publish.yml/);
  assert.match(provenance, /--source-ref refs\/heads\/main --deny-self-hosted-runners/);
});

test('production also asks for what staging has said', async (t) => {
  const { code, calls } = await verify(t, ['--tested', COMMIT]);
  assert.equal(code, 0);
  const said = calls.filter((call) => call.includes('test-result'));
  assert.equal(said.length, 3);
  assert.match(said[0], /--signer-workflow owner\/name\/.github\/workflows\/cd-staging.yml/);
});

for (const [what, fail] of [
  ['an unsigned image', '^verify .*dash-app'],
  ['an image without provenance', 'react-app.*provenance'],
  ['an image that staging has not tested', 'react-app.*test-result'],
]) {
  test(`${what} is refused`, async (t) => {
    const { code } = await verify(t, ['--tested', COMMIT], { FAIL: fail });
    assert.equal(code, 1);
  });
}

test('an image that was tested with several commits may be deployed with each of them', async (t) => {
  const { code, output } = await verify(t, ['--tested', COMMIT], {
    TESTED: tested(OTHER_COMMIT, COMMIT),
  });
  assert.equal(code, 0, output);
});

for (const [what, env, complaint] of [
  ['with another commit', { TESTED: tested(OTHER_COMMIT) }, new RegExp(OTHER_COMMIT)],
  // gh up to 2.66.1 ends with 0 then.
  ['not at all, which gh calls a success', { TESTED: '' }, /nothing of this type/],
  ['not at all, in another form of nothing', { TESTED: '[]' }, /nothing of this type/],
  ['by an attestation of another type', { TESTED: verified(PROVENANCE, {}) }, /of this type/],
  ['but whose provenance gh has not found', { BUILT: '' }, /no attestation .*provenance/],
]) {
  test(`an image that staging has tested ${what}, is refused`, async (t) => {
    const { code, output } = await verify(t, ['--tested', COMMIT], env);
    assert.equal(code, 1);
    assert.match(output, complaint);
  });
}

for (const commit of ['', 'main', 'c0ffee']) {
  test(`"tested" without the commit that it was tested with is refused: '${commit}'`, async (t) => {
    const { code, calls } = await verify(t, ['--tested', commit]);
    assert.equal(code, 1);
    assert.deepEqual(calls, ['']);
  });
}

test('what staging attests names the digests, the commit and the run', async (t) => {
  const box = await sandbox(t, {
    programs: { git: 'echo 0123abcd' },
    files: { 'images.txt': imagesFile('7') },
  });
  const { code, output } = await box.run('scripts/ci/test-result.sh', ['images.txt'], {
    env: {
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_REPOSITORY: 'owner/name',
      GITHUB_RUN_ID: '42',
    },
  });
  assert.equal(code, 0, output);
  const result = JSON.parse(await box.read('test-result.json'));
  assert.equal(result.result, 'PASSED');
  assert.equal(result.configuration[0].digest.gitCommit, '0123abcd');
  assert.equal(result.url, 'https://github.test/owner/name/actions/runs/42');
  const [first] = (await box.read('images.sha256')).split('\n');
  assert.equal(first, `${'7'.repeat(64)}  registry.test/mlp-api`);
});

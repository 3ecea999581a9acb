/**
 * Images on their way: scanned, published in two registries under one digest, and verified before they are deployed.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { GH_ANSWERS, assertRefused, digest, imagesFile, play, sandbox } from './sandbox.mjs';

// --- Scanning and building ---------------------------------------------------------------------
const TRIVY = `
while (($#)); do case $1 in --output) shift; printf '%s' "$REPORT" >"$1" ;; --exit-code) gate=1 ;; esac; shift; done
[[ -z \${gate:-} || -z \${VULNERABLE:-} ]]`;
const TWO_PACKAGES = '"SPDXID": "SPDXRef-Package-1"\n"SPDXID": "SPDXRef-Package-2"\n';
const PROGRAMS = {
  trivy: TRIVY,
  docker: '',
  git: 'case $* in *rev-parse*) echo c0ffee ;; *) echo 1 ;; esac',
};
const image = (t, action, env) =>
  play(t, 'image.sh', [action], {
    programs: PROGRAMS,
    env: { SERVICE: 'api', REPORT: TWO_PACKAGES, ...env },
  });

test('a clean image passes the scan, with a report for people and one for GitHub', async (t) => {
  const { code, output, calls } = await image(t, 'scan');
  assert.equal(code, 0, output);
  assert.match(output, /2 packages/);
  assert.ok(calls.some((call) => call.includes('--format sarif')));
  const gate = calls.find((call) => call.includes('--exit-code 1'));
  assert.match(gate, /--ignore-unfixed --severity HIGH,CRITICAL/);
});

for (const [what, action, env, message] of [
  ['a vulnerability that has a fix', 'scan', { VULNERABLE: '1' }, /that a new version fixes/],
  ['a scan that sees no package at all', 'scan', { REPORT: '{}' }, /sees no package/],
  ['a cache that there is not', 'build', { IMAGE_CACHE: 'other' }, /no such IMAGE_CACHE/],
]) {
  test(`${what} stops the image`, async (t) => assertRefused(await image(t, action, env), message));
}

for (const [setting, reads, writes] of [
  ['', false, false],
  ['gha', true, true],
  ['gha-read', true, false],
]) {
  test(`layers kept by GitHub, IMAGE_CACHE=${setting}: read ${reads}, written ${writes}`, async (t) => {
    const { code, output, calls } = await image(t, 'build', { IMAGE_CACHE: setting });
    assert.equal(code, 0, output);
    const [build] = calls.filter((call) => call.startsWith('docker buildx build'));
    assert.equal(build.includes('--cache-from type=gha'), reads);
    assert.equal(build.includes('--cache-to type=gha'), writes);
  });
}

// --- Publishing --------------------------------------------------------------------------------
// The manifest of the image that both architectures became; its hash is the digest.
const INDEX = 'a manifest';
const INDEX_DIGEST = `sha256:${createHash('sha256').update(INDEX).digest('hex')}`;
const publish = (t, env = {}) =>
  play(t, 'ci/publish.sh', ['api', 'pushed'], {
    programs: {
      docker:
        'case $* in *inspect*registry.google*) printf %s "$COPY" ;; *inspect*) printf %s "$INDEX" ;; esac',
      cosign: '',
    },
    files: { 'pushed/amd64/api.digest': digest('1'), 'pushed/arm64/api.digest': digest('2') },
    env: { GHCR: 'ghcr.test/Some-Owner', TAG: 'sha-1', INDEX, COPY: INDEX, ...env },
  });

test('both architectures become one image, signed by its digest', async (t) => {
  const { code, output, box, calls } = await publish(t);
  assert.equal(code, 0, output);
  const name = 'ghcr.test/some-owner/mlp-api';
  const sources = `--tag ${name}:sha-1 ${name}@${digest('1')} ${name}@${digest('2')}`;
  assert.ok(calls[0].endsWith(sources), calls[0]);
  const signed = calls.filter((call) => call.startsWith('cosign'));
  assert.deepEqual(signed, [`cosign sign --yes ${name}@${INDEX_DIGEST}`]);
  assert.equal(await box.read('image-api.txt'), `mlp/api=${name}@${INDEX_DIGEST}\n`);
  assert.equal(await box.read('output'), `name=${name}\ndigest=${INDEX_DIGEST}\n`);
});

test('the copy at Google has the same digest, is signed too, and is what gets deployed', async (t) => {
  const google = 'registry.google/p/mlp';
  const { code, box, calls } = await publish(t, { IMAGE_REPOSITORY: google });
  assert.equal(code, 0);
  assert.equal(calls.filter((call) => call.startsWith('cosign sign')).length, 2);
  assert.equal(await box.read('image-api.txt'), `mlp/api=${google}/mlp-api@${INDEX_DIGEST}\n`);
  // One that became another image is not signed.
  const other = await publish(t, { IMAGE_REPOSITORY: google, COPY: 'another manifest' });
  assert.equal(other.code, 1);
  assert.ok(!other.calls.some((call) => call.startsWith('cosign')));
});

test('the images of all jobs become one list, and a missing one is noticed', async (t) => {
  const [api, dash, react] = imagesFile('5').split(/(?<=\n)/);
  const files = { 'images/image-api.txt': api, 'images/image-d.txt': dash };
  const box = await sandbox(t, { files });
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
const tested = (...commits) => {
  const predicates = commits.map((gitCommit) => ({ configuration: [{ digest: { gitCommit } }] }));
  return verified(TEST_RESULT, ...predicates);
};
const GH = `${GH_ANSWERS}
${FAILS_AT} || exit 1
case $* in *test-result*) answers "$TESTED" "$@" ;; *) answers "$BUILT" "$@" ;; esac`;
const SAID = { BUILT: verified(PROVENANCE, {}), TESTED: tested(COMMIT) };
const verify = (t, args, env = {}) =>
  play(t, 'ci/verify-images.sh', ['images.txt', ...args], {
    programs: { cosign: FAILS_AT, gh: GH },
    files: { 'images.txt': imagesFile('6') },
    env: { GITHUB_REPOSITORY: 'owner/name', ...SAID, ...env },
  });

test('each image must be signed and attested by the publishing workflow on main', async (t) => {
  const { code, calls } = await verify(t, []);
  assert.equal(code, 0);
  assert.equal(calls.length, 6);
  const [signature, provenance] = calls;
  const workflow = 'owner/name/.github/workflows/publish.yml';
  assert.ok(signature.startsWith(`cosign verify registry.test/mlp-api@${digest('6')} `));
  const identity = `--certificate-identity https://github.com/${workflow}@refs/heads/main`;
  assert.ok(signature.endsWith(identity), signature);
  const attested = `--signer-workflow ${workflow} --source-ref refs/heads/main --deny-self-hosted-runners`;
  assert.ok(provenance.includes(attested), provenance);
});

test('production also asks for what staging has said, of each commit that it was tested with', async (t) => {
  const env = { TESTED: tested(OTHER_COMMIT, COMMIT) };
  const { code, output, calls } = await verify(t, ['--tested', COMMIT], env);
  assert.equal(code, 0, output);
  const said = calls.filter((call) => call.includes('test-result'));
  assert.equal(said.length, 3);
  assert.match(said[0], /--signer-workflow owner\/name\/.github\/workflows\/cd-staging.yml/);
});

for (const [what, env, complaint] of [
  ['is not signed', { FAIL: '^verify .*dash-app' }, /dash-app\S+ not signed by/],
  ['has no provenance', { FAIL: 'react-app.*provenance' }, /no valid attestation .*provenance/],
  ['staging has not tested', { FAIL: 'react-app.*test-result' }, /no valid .*test-result/],
  ['was tested with another commit', { TESTED: tested(OTHER_COMMIT) }, new RegExp(OTHER_COMMIT)],
  // gh up to 2.66.1 ends with 0 then.
  ['was not tested at all, which gh calls a success', { TESTED: '' }, /nothing of this type/],
  ['was not tested at all, in another form', { TESTED: '[]' }, /nothing of this type/],
  ['has an attestation of another type', { TESTED: verified(PROVENANCE, {}) }, /of this type/],
  ['has a provenance that gh has not found', { BUILT: '' }, /no attestation .*provenance/],
]) {
  test(`an image that ${what} is refused`, async (t) => {
    assertRefused(await verify(t, ['--tested', COMMIT], env), complaint);
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
  const { code, output, box } = await play(t, 'ci/test-result.sh', ['images.txt'], {
    programs: { git: 'echo 0123abcd' },
    files: { 'images.txt': imagesFile('7') },
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

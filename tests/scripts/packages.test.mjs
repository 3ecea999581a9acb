/**
 * Which packages a list with alternatives stands for, on machines whose releases name them differently.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sandbox } from '../ci/sandbox.mjs';

const LIST = `# Comment.
curl # why
libboost1.81-dev | libboost1.88-dev | libboost-dev
libssl3 | libssl3t64

clang-19
`;

/** The packages of LIST where apt knows the names `known` and those in `installed` are installed. */
async function names(t, known, installed = []) {
  const box = await sandbox(t, {
    programs: {
      'apt-cache': `printf '%s\\n' ${known.join(' ')}`,
      'dpkg-query': `printf 'installed|%s\\n' ${installed.join(' ')}; echo 'config-files|libssl3'`,
      names: 'source "$(dirname "$0")/../scripts/lib/packages.sh"; package_names "$@"',
    },
    files: { 'list.txt': LIST },
  });
  const { code, output } = await box.run('bin/names', [box.path('list.txt')]);
  assert.equal(code, 0, output);
  return output.trim().split('\n');
}

test('the first alternative that apt knows is taken', async (t) => {
  const debian12 = ['libboost-dev', 'libboost1.81-dev', 'libssl3'];
  const debian13 = ['libboost-dev', 'libboost1.88-dev', 'libssl3t64'];
  const ubuntu = ['libboost-dev', 'libssl3t64'];
  const rest = ['clang-19', 'curl'];
  assert.deepEqual(await names(t, debian12), [...rest, 'libboost1.81-dev', 'libssl3']);
  assert.deepEqual(await names(t, debian13), [...rest, 'libboost1.88-dev', 'libssl3t64']);
  assert.deepEqual(await names(t, ubuntu), [...rest, 'libboost-dev', 'libssl3t64']);
});

test('what is installed comes before what could be, also where apt has no lists yet', async (t) => {
  const installed = ['libboost-dev', 'libssl3t64'];
  const expected = ['clang-19', 'curl', ...installed];
  assert.deepEqual(await names(t, ['libboost1.88-dev', 'libssl3'], installed), expected);
  assert.deepEqual(await names(t, [], installed), expected);
});

test('where nothing is known the first alternative is named', async (t) => {
  assert.deepEqual(await names(t, []), ['clang-19', 'curl', 'libboost1.81-dev', 'libssl3']);
});

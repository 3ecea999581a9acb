/**
 * The guide in both languages has the same phases and commands, and everything that it names exists. run.sh checks what
 * the commands do.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const REPO = join(import.meta.dirname, '..', '..');
const GUIDE = join(REPO, 'docs', 'guide');
const read = (path) => readFileSync(path, 'utf8');
const phases = (language) =>
  readdirSync(join(GUIDE, language))
    .filter((file) => /^\d/.test(file))
    .sort()
    .map((file) => join(GUIDE, language, file));
const GLOSSARIES = [join(GUIDE, 'en', 'glossary.md'), join(GUIDE, 'es', 'glosario.md')];
const files = [...phases('en'), ...phases('es'), ...GLOSSARIES, join(GUIDE, 'README.md')];

const BLOCK = /^```.*\n([^]*?)^```$/gm;
/** The blocks of code (commands and outputs), without comments. */
const blocks = (text) =>
  [...text.matchAll(BLOCK)].map(([block]) => block.replaceAll(/ +#(?! byexample).*$/gm, ''));
const headings = (text) => [...text.matchAll(/^(#+) /gm)].map(([, level]) => level);

test('there are six phases in each language', () => {
  for (const language of ['en', 'es']) {
    const numbers = phases(language).map((path) => path.match(/\/(\d)-[\w-]+\.md$/)[1]);
    assert.deepEqual(numbers, ['1', '2', '3', '4', '5', '6']);
  }
});

for (const [index, english] of phases('en').entries()) {
  const spanish = phases('es')[index];
  const name = english.slice(GUIDE.length + 1);

  test(`${name}: the Spanish text has the same commands and the same parts`, () => {
    assert.deepEqual(blocks(read(spanish)), blocks(read(english)));
    assert.deepEqual(headings(read(spanish)), headings(read(english)));
  });

  test(`${name}: as many answers as questions`, () => {
    for (const path of [english, spanish]) {
      const lists = read(path)
        .split(/^## /m)
        .find((part) => /^(Questions|Preguntas)\n/.test(part));
      const [questions, answers] = lists.split('<details>').map((part) => part.match(/^\d\. /gm));
      assert.deepEqual(questions, answers, path);
    }
  });
}

test('the glossaries explain the same words', () => {
  // The Spanish glossary has the English name after the Spanish one.
  const [english, spanish] = GLOSSARIES.map((path) =>
    [...read(path).matchAll(/^\| \*\*(.+?)\*\*(?:, \*(.+?)\*)? \|/gm)].map(
      ([, word, behind]) => behind ?? word,
    ),
  );
  assert.ok(english.length > 20);
  assert.deepEqual(spanish.sort(), english.sort());
});

const targets = new Set(
  [...read(join(REPO, 'Makefile')).matchAll(/^([a-z0-9-]+):.*##/gm)].map(([, name]) => name),
);
const anchors = (path) =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

for (const path of files) {
  test(`${path.slice(GUIDE.length + 1)}: every link leads somewhere, every make target exists`, () => {
    const text = read(path);
    // Not within blocks of code: they also show text for other pages, with links relative to those.
    const prose = text.replaceAll(BLOCK, '');
    for (const [, link, anchor] of prose.matchAll(/\]\(((?!https?:)[^)#]+)(?:#([^)]+))?\)/g)) {
      const target = join(dirname(path), link);
      assert.ok(existsSync(target), link);
      if (anchor) assert.ok(anchors(target).includes(anchor), `${link}#${anchor}`);
    }
    for (const [, name] of text.matchAll(
      /(?:`|\$ |^)make (?:--silent )?([a-z0-9]+(?:-[a-z0-9]+)*)\b/gm,
    )) {
      // The reader writes `make hello`.
      assert.ok(targets.has(name) || name === 'hello', `make ${name}`);
    }
  });
}

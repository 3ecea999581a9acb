/**
 * Applies docs/adding-a-resource.md to a tree: writes exactly the files and makes exactly the changes that the page shows.
 *
 * usage: node tests/guide/resource.mjs TREE
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'adding-a-resource.md');
const BLOCK = /^```(\w*)\n([^]*?)^```$/gm;
const PATH = /`((?:\w+\/)*\w+\.(?:cpp|hpp|sql|txt))`/g;

/** The steps of the page, in order: `{ path, text }` for a new file, `{ path, hunks }` for a change. */
export function steps() {
  const page = readFileSync(PAGE, 'utf8');
  const found = [];
  let end = 0;
  for (const { 1: language, 2: code, 0: block, index } of page.matchAll(BLOCK)) {
    // The path of the file is the last one before its text.
    const path = [...page.slice(end, index).matchAll(PATH)].at(-1)?.[1];
    end = index + block.length;
    if (language === 'diff') {
      found.push({ path, hunks: code.split(/^@@\n/m) });
    } else if (['cpp', 'sql'].includes(language)) {
      found.push({ path, text: code });
    }
  }
  return found;
}

/** `text` with one hunk of a diff applied. The hunk has no line numbers, so its context must occur exactly once. */
export function change(text, hunk, path) {
  const lines = hunk.replace(/\n$/, '').split('\n');
  const side = (sign) =>
    lines.filter((line) => !line.startsWith(sign)).map((line) => `${line.slice(1)}\n`);
  const before = side('+').join('');
  const parts = `\n${text}`.split(`\n${before}`);
  if (parts.length !== 2) {
    throw new Error(`${path} has this ${parts.length - 1} times, not once:\n${before}`);
  }
  return parts.join(`\n${side('-').join('')}`).slice(1);
}

/** True if the page has already been applied to that tree: a file that it adds exists. */
export const isTaken = (tree) =>
  steps().some(({ path, text }) => text && existsSync(join(tree, 'services', 'api', path)));

/** Applies every step to `services/api` of the tree; throws at the first that does not apply. */
export function addResource(tree) {
  for (const { path, text, hunks } of steps()) {
    const file = join(tree, 'services', 'api', path);
    if (text) {
      if (existsSync(file)) throw new Error(`${path} is there already`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } else {
      writeFileSync(
        file,
        hunks.reduce((changed, hunk) => change(changed, hunk, path), readFileSync(file, 'utf8')),
      );
    }
  }
}

if (process.argv[1] === import.meta.filename) addResource(process.argv[2]);

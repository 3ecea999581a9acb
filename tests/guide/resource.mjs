/**
 * Does to a tree what docs/adding-a-resource.md tells its reader to do: writes the files and makes the changes that it
 * shows, to the letter.
 *
 * usage: node tests/guide/resource.mjs TREE
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'adding-a-resource.md');
const BLOCK = /^```(\w*)\n([^]*?)^```$/gm;
const PATH = /`((?:\w+\/)*\w+\.(?:cpp|hpp|sql|txt))`/g;

/** What the page shows, in its order: `{ path, text }` for a new file, `{ path, hunks }` for a change. */
export function steps() {
  const page = readFileSync(PAGE, 'utf8');
  const found = [];
  let end = 0;
  for (const { 1: language, 2: code, 0: block, index } of page.matchAll(BLOCK)) {
    // The file is the last one that is named before its text.
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

/** `text` with one hunk of a diff applied; it says where by its context alone, so that has to be there once. */
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

/** Whether somebody has begun the walk in that tree: a file that it adds is there. */
export const isTaken = (tree) =>
  steps().some(({ path, text }) => text && existsSync(join(tree, 'services', 'api', path)));

/** Takes every step in `services/api` of the tree; fails at the first that cannot be taken. */
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

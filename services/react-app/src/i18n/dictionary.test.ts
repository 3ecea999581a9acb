import { expect, test } from 'vitest';

import { dictionaries, type MessageKey } from './dictionary';

const { en, es } = dictionaries;

test('both languages have the same keys', () => {
  expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
});

test('no text is empty, and every hole of a text is used', () => {
  for (const dictionary of [en, es]) {
    for (const key of Object.keys(en) as MessageKey[]) {
      const message: string | ((...holes: string[]) => string) = dictionary[key];
      const holes = typeof message === 'string' ? [] : ['‹1›', '‹2›'].slice(0, message.length);
      const text = typeof message === 'string' ? message : message(...holes);
      expect(text.trim(), key).not.toBe('');
      for (const hole of holes) expect(text, key).toContain(hole);
    }
  }
});

/** Keeps the generated types in step with the API: a change there must be regenerated here. */
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { generateTypes } from './generate-types.mjs';

test.each(['api.ts', 'constraints.ts'] as const)(
  'src/types/%s is what services/api/openapi.json generates (else: npm run generate:types)',
  async (name) => {
    const committed = await readFile(new URL(`../src/types/${name}`, import.meta.url), 'utf8');
    expect(committed).toBe((await generateTypes())[name]);
  },
);

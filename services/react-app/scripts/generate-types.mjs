/**
 * Derives src/types/ from the API's OpenAPI document, so that no type and no limit is written twice.
 *
 *   api.ts          the types of every request and response (openapi-typescript)
 *   constraints.ts  the limits that a form must check: lengths, ranges, allowed values
 *
 * Usage: npm run generate:types [-- path/to/openapi.json]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const SNAPSHOT = new URL('../../api/openapi.json', import.meta.url);
const TYPES = new URL('../src/types/', import.meta.url);
const NOTICE =
  '/** Generated from services/api/openapi.json by `npm run generate:types`; do not edit. */\n';

/** The keywords of JSON Schema that a form checks before it sends anything. */
const RULES = [
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'multipleOf',
  'x-decimal-places',
  'enum',
  'default',
];

/** What the format says by itself; a narrower rule of the schema replaces it. */
const INT32 = { minimum: -2_147_483_648, maximum: 2_147_483_647 };

/**
 * @typedef {Record<string, unknown> & { $ref?: string, anyOf?: Schema[], oneOf?: Schema[], allOf?: Schema[] }} Schema
 * @typedef {{ name: string, in: string, schema?: Schema }} Parameter
 * @typedef {{ parameters?: Parameter[] }} Operation
 * @typedef {{
 *   paths: Record<string, Record<string, Operation>>,
 *   components: { schemas: Record<string, Schema & { properties?: Record<string, Schema>, required?: string[] }> },
 * }} OpenApi
 */

/**
 * The rules of one schema, with references followed and the alternatives of a nullable joined.
 * @param {OpenApi} document
 * @param {Schema} schema
 * @returns {Record<string, unknown>}
 */
function rulesOf(document, schema) {
  /** @type {Record<string, unknown>} */
  const rules = {};
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    Object.assign(rules, rulesOf(document, document.components.schemas[name] ?? {}));
  }
  for (const part of [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    Object.assign(rules, rulesOf(document, part));
  }
  if (schema['format'] === 'int32') Object.assign(rules, INT32);
  for (const rule of RULES) {
    if (schema[rule] !== undefined) rules[rule] = schema[rule];
  }
  return rules;
}

/**
 * @param {OpenApi} document
 * @returns {string} the TypeScript source of constraints.ts
 */
function constraintsSource(document) {
  const create = document.components.schemas['ItemCreate'];
  const list = document.paths['/v1/items']?.['get'];
  if (create?.properties === undefined || list === undefined) {
    throw new Error(
      'The OpenAPI document lacks the schema ItemCreate or the operation GET /v1/items',
    );
  }
  const fields = Object.fromEntries(
    Object.entries(create.properties).map(([name, schema]) => [
      name,
      { required: create.required?.includes(name) ?? false, ...rulesOf(document, schema) },
    ]),
  );
  const query = Object.fromEntries(
    (list.parameters ?? [])
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => [parameter.name, rulesOf(document, parameter.schema ?? {})]),
  );
  return (
    NOTICE +
    `\n/** The fields of a new item. */\nexport const itemConstraints = ${JSON.stringify(fields)} as const;\n` +
    `\n/** The query parameters of the list of items. */\nexport const listConstraints = ${JSON.stringify(query)} as const;\n`
  );
}

/**
 * @param {URL | string} [snapshot] the OpenAPI document to read
 * @returns {Promise<Record<'api.ts' | 'constraints.ts', string>>} file name -> content
 */
export async function generateTypes(snapshot = SNAPSHOT) {
  const document = JSON.parse(await readFile(snapshot, 'utf8'));
  const options = { ...(await resolveConfig(fileURLToPath(TYPES))), parser: 'typescript' };
  const types = astToString(await openapiTS(document, { alphabetize: true }));
  return {
    'api.ts': await format(NOTICE + types, options),
    'constraints.ts': await format(constraintsSource(document), options),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = await generateTypes(process.argv[2]);
  for (const [name, content] of Object.entries(files))
    await writeFile(new URL(name, TYPES), content);
  console.log(`Wrote ${Object.keys(files).join(' and ')} to src/types/`);
}

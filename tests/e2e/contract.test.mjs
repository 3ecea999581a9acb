/**
 * For any input, a client gets the documented problem, and the service keeps running: through the
 * gateway and on the API's own port. The last tests cover requests that the gateway itself refuses.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { assertInvalid, assertProblem, sendJson, sendRaw } from './http.mjs';
import { API_URL, BASE_URL, createItem, deleteItem, uniqueName } from './support.mjs';

const ITEM = { name: 'Lamp', category: 'Contract', price: 1.5, quantity: 1 };

/** An item's JSON text, with raw values that JSON.stringify cannot write, such as { price: '1e999' }. */
function itemText(changes) {
  const members = Object.entries(ITEM).map(([name, value]) => [name, JSON.stringify(value)]);
  const all = { ...Object.fromEntries(members), ...changes };
  return `{${Object.entries(all).map(([name, text]) => `"${name}": ${text}`)}}`;
}

const INVALID_BODIES = [
  ['an unknown field', { colour: '"red"' }, 'body /colour unknown_field'],
  ['a name of 121 characters', { name: `"${'ñ'.repeat(121)}"` }, 'body /name string_too_long'],
  ['a name of spaces', { name: '"  "' }, 'body /name string_too_short'],
  ['a name with a control character', { name: '"a\\u0007b"' }, 'body /name control_character'],
  ['a price of -1', { price: '-1' }, 'body /price greater_than_equal'],
  ['a price of 1.005', { price: '1.005' }, 'body /price decimal_places'],
  ['a price of 1e999', { price: '1e999' }, 'body /price decimal_range'],
  ['a price in quotes', { price: '"1.50"' }, 'body /price decimal_type'],
  ['a quantity of 2147483648', { quantity: '2147483648' }, 'body /quantity int_range'],
  ['a quantity of 1.5', { quantity: '1.5' }, 'body /quantity int_type'],
];

const INVALID_QUERIES = [
  ['limit=101', 'limit less_than_equal'],
  ['limit=0', 'limit greater_than_equal'],
  ['limit=many', 'limit int_type'],
  ['cursor=forged', 'cursor cursor'],
  [`cursor=${Buffer.from("id|1'; DROP TABLE items|").toString('base64url')}`, 'cursor cursor'],
  ['sort=price%3BDROP', 'sort one_of'],
  ['q=%FF', 'q invalid_utf8'],
  ['page=2', 'page unknown_field'],
];

const stillServes = async (base) => assert.equal((await fetch(`${base}/v1/items`)).status, 200);

for (const [where, base] of [
  ['through the gateway', `${BASE_URL}/api`],
  ['on the API itself', API_URL],
]) {
  describe(where, () => {
    const items = `${base}/v1/items`;
    after(() => stillServes(base));

    for (const [what, changes, expected] of INVALID_BODIES) {
      test(`${what} is refused at its field`, async () => {
        await assertInvalid(await sendJson('POST', items, itemText(changes)), expected);
      });
    }

    for (const [query, expected] of INVALID_QUERIES) {
      test(`?${query} is refused`, async () => {
        await assertInvalid(await fetch(`${items}?${query}`), `query /${expected}`);
      });
    }

    test('all mistakes are named at once', async () => {
      const reply = await sendJson('POST', items, '{"name": "", "price": -1, "extra": null}');
      await assertInvalid(
        reply,
        'body /name string_too_short',
        'body /price greater_than_equal',
        'body /extra unknown_field',
        'body /category missing',
        'body /quantity missing',
      );
    });

    test('malformed JSON is answered with its position', async () => {
      const { detail } = await assertProblem(
        await sendJson('POST', items, '{"name": "a",\n}'),
        400,
      );
      assert.match(detail, /line 2, column 1/);
      await assertProblem(await sendJson('POST', items, ''), 400);
      await assertProblem(await sendJson('POST', items, '['.repeat(100_000)), 400);
    });

    test('invalid UTF-8 is refused', async () => {
      const text = Buffer.from(itemText({ name: '"caf@"' }));
      text[text.indexOf('@')] = 0xe9; // as Latin-1 writes "é"
      const reply = await sendJson('POST', items, text);
      assert.ok([400, 422].includes(reply.status));
      await assertProblem(reply, reply.status);
    });

    test('ids that cannot exist are refused, and one that is not there is not found', async () => {
      await assertInvalid(await fetch(`${items}/0`), 'path /id greater_than_equal');
      await assertInvalid(await fetch(`${items}/99999999999999999999`), 'path /id int_range');
      await assertInvalid(await fetch(`${items}/one`), 'path /id int_type');
      await assertProblem(await fetch(`${items}/9007199254740991`), 404);
    });

    test('a body of 2 MiB is refused', async () => {
      const text = itemText({ description: `"${'x'.repeat(2 * 1024 * 1024)}"` });
      await assertProblem(await sendJson('POST', items, text), 413);
    });

    test('another content type is refused', async () => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      await assertProblem(await sendJson('POST', items, 'name=Lamp', headers), 415);
      await assertProblem(await fetch(items, { headers: { Accept: 'text/csv' } }), 406);
    });

    test('another method is refused, with those that are served', async () => {
      const collection = await fetch(items, { method: 'DELETE' });
      await assertProblem(collection, 405);
      assert.equal(collection.headers.get('allow'), 'GET, HEAD, POST, OPTIONS');
      const one = await sendJson('POST', `${items}/1`, '{}');
      await assertProblem(one, 405);
      assert.equal(one.headers.get('allow'), 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS');
    });

    test('a path that leads nowhere is not found', async () => {
      await assertProblem(await fetch(`${base}/v1/nothing`), 404);
      await assertProblem(await fetch(`${base}/nothing/at/all`), 404);
    });

    test('a lost update is refused', async (t) => {
      const item = await createItem({ ...ITEM, name: uniqueName('Lost update') });
      t.after(() => deleteItem(item.id));
      const etag = (await fetch(`${items}/${item.id}`)).headers.get('etag');
      const change = (price) =>
        sendJson('PATCH', `${items}/${item.id}`, `{"price": ${price}}`, { 'If-Match': etag });
      assert.equal((await change('2.50')).status, 200);
      await assertProblem(await change('3.50'), 412);
      assert.equal((await (await fetch(`${items}/${item.id}`)).json()).price, 2.5);
    });
  });
}

describe('what the gateway would refuse by itself', () => {
  after(() => stillServes(API_URL));

  test('a header block of 100 KiB', async () => {
    const reply = await sendRaw(
      API_URL,
      `GET /v1/items HTTP/1.1\r\nHost: api\r\nX-Large: ${'x'.repeat(100 * 1024)}\r\n\r\n`,
    );
    await assertProblem(reply, 431);
  });

  test('a request that is not HTTP', async () => {
    await assertProblem(await sendRaw(API_URL, 'How do you do?\r\n\r\n'), 400);
  });

  test('two ways to say where a body ends', async () => {
    const reply = await sendRaw(
      API_URL,
      'POST /v1/items HTTP/1.1\r\nHost: api\r\nContent-Length: 2\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    await assertProblem(reply, 400);
  });

  test('the gateway refuses a header block of 2 MiB, and goes on', async () => {
    const reply = await sendRaw(
      BASE_URL,
      `GET /api/v1/items HTTP/1.1\r\nHost: api\r\nX-Large: ${'x'.repeat(2 * 1024 * 1024)}\r\n\r\n`,
    );
    assert.equal(reply.status, 431);
    await stillServes(`${BASE_URL}/api`);
  });
});

test('every answer that was expected here is in the OpenAPI document', async () => {
  const path = join(import.meta.dirname, '..', '..', 'services', 'api', 'openapi.json');
  const { paths } = JSON.parse(await readFile(path, 'utf8'));
  const documented = Object.keys(paths['/v1/items'].post.responses);
  for (const status of [201, 400, 406, 413, 415, 422, 503]) {
    assert.ok(documented.includes(String(status)), `POST documents no ${status}`);
  }
});

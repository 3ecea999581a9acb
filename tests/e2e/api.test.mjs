/**
 * The API through the gateway, apart from single items: bulk, idempotency keys, statistics, compression,
 * methods that no handler serves, CORS and metrics.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';

import { assertInvalid, assertProblem, sendJson } from './http.mjs';
import { psql } from './platform.mjs';
import { API_URL, BASE_URL, listCategory, uniqueName } from './support.mjs';

const ITEMS = `${BASE_URL}/api/v1/items`;

function newCategory(t, prefix) {
  const category = uniqueName(prefix);
  t.after(() => psql(`DELETE FROM items WHERE category = :'category'`, { category }));
  return category;
}

const itemOf = (category, changes = {}) => ({
  name: 'Lamp',
  category,
  price: 1.5,
  quantity: 2,
  ...changes,
});

const post = (path, body, headers) => sendJson('POST', ITEMS + path, JSON.stringify(body), headers);

describe('bulk', () => {
  test('creates a thousand items, in order', async (t) => {
    const category = newCategory(t, 'Bulk');
    const items = Array.from({ length: 1000 }, (_, i) => itemOf(category, { quantity: i }));
    const reply = await post('/bulk', { items });
    assert.equal(reply.status, 201);
    const created = (await reply.json()).items;
    assert.deepEqual(
      created.map(({ quantity }) => quantity),
      items.map(({ quantity }) => quantity),
    );
    assert.deepEqual(await listCategory(category), created);
  });

  test('creates none when one is wrong, and says which', async (t) => {
    const category = newCategory(t, 'Bulk');
    const items = [
      itemOf(category),
      itemOf(category, { price: -1 }),
      itemOf(category, { name: '' }),
    ];
    await assertInvalid(
      await post('/bulk', { items }),
      'body /items/1/price greater_than_equal',
      'body /items/2/name string_too_short',
    );
    assert.deepEqual(await listCategory(category), []);
  });

  test('takes at least one item and at most a thousand', async () => {
    await assertInvalid(await post('/bulk', { items: [] }), 'body /items too_few_items');
    const items = new Array(1001).fill(itemOf('Too many'));
    await assertInvalid(await post('/bulk', { items }), 'body /items too_many_items');
  });
});

describe('an idempotency key', () => {
  test('makes twenty requests at once create one item', async (t) => {
    const category = newCategory(t, 'Key');
    const headers = { 'Idempotency-Key': randomUUID() };
    const send = () => post('', itemOf(category), headers);
    const replies = await Promise.all(Array.from({ length: 20 }, send));
    const answers = await Promise.all(replies.map((reply) => reply.text()));
    assert.deepEqual(new Set(replies.map((reply) => reply.status)), new Set([201]));
    assert.equal(new Set(answers).size, 1, 'all have the same answer');
    assert.deepEqual(await listCategory(category), [JSON.parse(answers[0])]);
  });

  test('is refused for another request', async (t) => {
    const category = newCategory(t, 'Key');
    const headers = { 'Idempotency-Key': randomUUID() };
    assert.equal((await post('', itemOf(category), headers)).status, 201);
    const other = await post('', itemOf(category, { quantity: 3 }), headers);
    assert.equal(other.status, 422);
    assert.match((await other.json()).detail, /Idempotency-Key/);
  });
});

test('statistics are right after every write', async (t) => {
  const category = newCategory(t, 'Statistics');
  const read = async () => {
    const reply = await fetch(`${ITEMS}/stats`);
    assert.equal(reply.status, 200);
    const stats = await reply.json();
    return { ...stats, ours: stats.categories.find((each) => each.category === category) };
  };
  const before = await read();
  // More items than any other category has: the API lists the fifty largest categories.
  const items = Array.from({ length: 1000 }, () => itemOf(category));
  const [{ id }] = (await (await post('/bulk', { items })).json()).items;
  let stats = await read();
  assert.deepEqual(stats.ours, { category, items: 1000, quantity: 2000, value: 3000 });
  assert.equal(stats.total.items, before.total.items + 1000);

  await sendJson('PATCH', `${ITEMS}/${id}`, '{"price": 10000, "quantity": 1}');
  stats = await read();
  assert.deepEqual(stats.ours, { category, items: 1000, quantity: 1999, value: 12_997 });
  assert.equal(stats.prices.at(-1).items, before.prices.at(-1).items + 1);

  await fetch(`${ITEMS}/${id}`, { method: 'DELETE' });
  assert.deepEqual((await read()).ours, { category, items: 999, quantity: 1998, value: 2997 });
});

describe('compression', () => {
  for (const [accepted, coding] of [
    ['gzip', 'gzip'],
    ['gzip, br', 'gzip'],
    ['br', null],
    ['identity', null],
  ]) {
    test(`of a list for a client that accepts ${accepted}`, async (t) => {
      const category = newCategory(t, 'Compressed');
      await post('/bulk', { items: new Array(50).fill(itemOf(category)) });
      const url = `${ITEMS}?${new URLSearchParams({ category, limit: 50 })}`;
      const reply = await fetch(url, { headers: { 'Accept-Encoding': accepted } });
      assert.equal(reply.headers.get('content-encoding'), coding);
      assert.match(reply.headers.get('vary'), /accept-encoding/i);
      assert.equal((await reply.json()).items.length, 50);
    });
  }
});

describe('methods that no handler serves', () => {
  const ROUTES = [
    ['', 'GET, HEAD, POST, OPTIONS'],
    ['/bulk', 'POST, OPTIONS'],
    ['/stats', 'GET, HEAD, OPTIONS'],
    ['/events', 'GET, HEAD, OPTIONS'],
  ];
  for (const [path, allow] of ROUTES) {
    test(`OPTIONS /v1/items${path}, and another method`, async () => {
      const options = await fetch(ITEMS + path, { method: 'OPTIONS' });
      assert.equal(options.status, 204);
      assert.equal(options.headers.get('allow'), allow);
      const other = await fetch(ITEMS + path, { method: 'DELETE' });
      await assertProblem(other, 405);
      assert.equal(other.headers.get('allow'), allow);
    });
  }

  for (const path of ['?limit=1', '/stats', '/events']) {
    test(`HEAD /v1/items${path}`, async () => {
      const head = await fetch(ITEMS + path, { method: 'HEAD' });
      const get = await fetch(ITEMS + path);
      await get.body.cancel();
      assert.equal(head.status, 200);
      assert.equal(head.headers.get('content-type'), get.headers.get('content-type'));
      assert.equal(await head.text(), '');
    });
  }
});

for (const [path, method, header] of [
  ['/bulk', 'POST', 'idempotency-key'],
  ['/events', 'GET', 'last-event-id'],
]) {
  test(`a page of another origin may ${method} /v1/items${path} with ${header}`, async () => {
    const { status, headers } = await fetch(ITEMS + path, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://localhost:3000',
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': header,
      },
    });
    assert.equal(status, 204);
    assert.equal(headers.get('access-control-allow-origin'), 'http://localhost:3000');
    assert.match(headers.get('access-control-allow-methods'), new RegExp(`\\b${method}\\b`));
    assert.match(headers.get('access-control-allow-headers'), new RegExp(header, 'i'));
  });
}

test('metrics know the routes and the statements', async (t) => {
  const category = newCategory(t, 'Metrics');
  const headers = { 'Idempotency-Key': randomUUID() };
  assert.equal((await post('/bulk', { items: [itemOf(category)] }, headers)).status, 201);
  assert.equal((await fetch(`${ITEMS}/stats`)).status, 200);
  await (await fetch(`${ITEMS}/events`)).body.cancel();

  const metrics = await (await fetch(`${API_URL}/metrics`)).text();
  for (const [method, route, status] of [
    ['POST', '/v1/items/bulk', 201],
    ['GET', '/v1/items/stats', 200],
    ['GET', '/v1/items/events', 200],
  ]) {
    const series = `http_server_requests_total{method="${method}",route="${route}",status="${status}"}`;
    assert.ok(metrics.includes(series), series);
  }
  for (const name of ['items.insert_many', 'idempotency.claim', 'stats.total', 'item_events.end']) {
    const series = `db_query_duration_seconds_count{statement="${name}"}`;
    assert.ok(metrics.includes(series), series);
  }
  assert.match(metrics, /^http_server_active_streams \d+$/m);
});

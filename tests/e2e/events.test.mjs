/**
 * Server-Sent Events through the gateway: immediate, each exactly once, and across restarts.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';

import { openEvents, told } from './events.mjs';
import { crash, psql, start, stop, waitUntilBack } from './platform.mjs';
import { API_URL, breathe, createItem, deleteItem, uniqueName, waitFor } from './support.mjs';

function newCategory(t, prefix) {
  const category = uniqueName(prefix);
  t.after(() => psql(`DELETE FROM items WHERE category = :'category'`, { category }));
  return category;
}

const itemOf = (category) => ({ name: 'Lamp', category, price: 1.5, quantity: 1 });

const opened = (stream) => waitFor('the first event', () => stream.events.length > 0);

test('an event passes the gateway while the stream is open', async (t) => {
  const category = newCategory(t, 'At once');
  const stream = await openEvents(t);
  await opened(stream);
  assert.equal(stream.events[0].event, 'reset');

  const begin = performance.now();
  const item = await createItem(itemOf(category));
  await waitFor('the event', () => told(stream.events, category).length === 1);
  t.diagnostic(
    `the item was created, and its event came, after ${Math.round(performance.now() - begin)} ms`,
  );
  assert.deepEqual(stream.events.at(-1).data.item, item);

  await deleteItem(item.id);
  await waitFor('the deletion', () => told(stream.events, category).length === 2);
  assert.deepEqual(told(stream.events, category), [`created ${item.id}`, `deleted ${item.id}`]);
});

test('a heart-beat passes the gateway', async (t) => {
  const stream = await openEvents(t);
  await waitFor('a comment', () => stream.comments > 0, 20);
});

test('a client goes on where it left off', async (t) => {
  const category = newCategory(t, 'Resumption');
  const first = await openEvents(t);
  await opened(first);
  const { id } = await createItem(itemOf(category));
  await waitFor('the event', () => told(first.events, category).length === 1);
  first.close();

  const missed = [];
  for (let i = 0; i < 3; i += 1) missed.push((await createItem(itemOf(category))).id);
  const second = await openEvents(t, { lastEventId: first.lastId });
  await waitFor('the missed events', () => told(second.events, category).length === 3);
  assert.deepEqual(
    told(second.events, category),
    missed.map((each) => `created ${each}`),
  );
  assert.ok(!missed.includes(id));
});

test('no event is lost or told twice when PostgreSQL crashes', async (t) => {
  const category = newCategory(t, 'Crash with events');
  const stream = await openEvents(t);
  await opened(stream);
  const acknowledged = [];
  let writing = true;
  const writer = (async () => {
    while (writing) {
      // A failed request was not acknowledged: it may or may not have been executed.
      await createItem(itemOf(category)).then(
        (item) => acknowledged.push(item.id),
        () => {},
      );
      await breathe(20);
    }
  })();
  await waitFor('some writes', () => acknowledged.length >= 10);
  await waitUntilBack('postgres', await crash('postgres'));
  const before = acknowledged.length;
  await waitFor('writes go on', () => acknowledged.length >= before + 10);
  writing = false;
  await writer;

  const stored = (
    await psql(`SELECT id FROM items WHERE category = :'category' ORDER BY id`, { category })
  )
    .split('\n')
    .map(Number);
  await waitFor('all events', () => told(stream.events, category).length >= stored.length);
  assert.deepEqual(
    told(stream.events, category).sort(),
    stored.map((id) => `created ${id}`).sort(),
  );
  for (const id of acknowledged) assert.ok(stored.includes(id), `item ${id} is lost`);
  assert.equal(stream.ended, false, 'the stream has gone on');
});

/** POSTs an item on a separate connection; finish() sends the last byte of the body. */
function beginCreation(item) {
  const body = JSON.stringify(item);
  const { hostname, port } = new URL(API_URL);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setEncoding('utf8');
  let answer = '';
  socket.on('data', (text) => (answer += text));
  socket.write(
    `POST /v1/items HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, -1)}`,
  );
  return {
    finish: () =>
      new Promise((resolve, reject) => {
        socket.on('close', () => resolve(answer));
        socket.on('error', reject);
        socket.write(body.slice(-1));
      }),
  };
}

test('on SIGTERM streams end properly, and requests that have begun are finished', async (t) => {
  const category = newCategory(t, 'Drain');
  const through = await openEvents(t);
  const direct = await openEvents(t, { url: `${API_URL}/v1/items/events` });
  await opened(through);
  await opened(direct);
  const creation = beginCreation(itemOf(category));
  await breathe(100); // time for the API to read the beginning

  const stopped = stop('api');
  t.after(async () => {
    await stopped;
    await start('api');
    await waitFor('the API serves', async () => (await fetch(`${API_URL}/ready`)).ok);
  });
  await direct.done;
  await through.done;
  assert.ok(direct.ended && through.ended);
  const answer = await creation.finish();
  assert.match(answer, /^HTTP\/1\.1 201 /);
  assert.match(answer, /^connection: close\r$/im);
  await stopped;
  const count = await psql(`SELECT count(*) FROM items WHERE category = :'category'`, { category });
  assert.equal(count, '1');
});

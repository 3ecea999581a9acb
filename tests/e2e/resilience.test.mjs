/**
 * Crashes and outages from a client's view: services recover automatically, no acknowledged write is
 * lost or executed twice, no request hangs, and the pages explain what is going on.
 */
/* global window -- in the page */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { browserTest } from './browser.mjs';
import { crash, psql, start, stop, suspend, waitUntilBack } from './platform.mjs';
import { assertProblem } from './http.mjs';
import {
  BASE_URL,
  breathe,
  createItem,
  deleteItem,
  listCategory,
  uniqueName,
  waitFor,
} from './support.mjs';

const ITEMS = `${BASE_URL}/api/v1/items`;
// Longer than the gateway's retries, and short enough to recognize a hang.
const NO_HANG = 15_000;

/** Repeats `step` with short pauses until stop(), which waits for the last one. */
function repeatedly(step) {
  let going = true;
  const done = (async () => {
    while (going) {
      await step();
      await breathe(20);
    }
  })();
  return {
    stop() {
      going = false;
      return done;
    },
  };
}

/** Creates items one after the other, and records the acknowledged ones. */
function startWriter(category) {
  const acknowledged = [];
  const statuses = new Set();
  let attempts = 0;
  const loop = repeatedly(async () => {
    attempts += 1;
    const name = `${category} no. ${attempts}`;
    const reply = await fetch(ITEMS, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, category, price: attempts / 100, quantity: attempts }),
      signal: AbortSignal.timeout(NO_HANG),
    });
    statuses.add(reply.status);
    if (reply.status === 201) acknowledged.push(await reply.json());
    else await reply.arrayBuffer();
  });
  return { acknowledged, statuses, stop: () => loop.stop() };
}

/** Requests `path` continuously, and records the statuses and the longest duration. */
function startReader(path) {
  const statuses = new Set();
  let slowest = 0;
  const loop = repeatedly(async () => {
    const begin = performance.now();
    const reply = await fetch(BASE_URL + path, { signal: AbortSignal.timeout(NO_HANG) });
    await reply.arrayBuffer();
    statuses.add(reply.status);
    slowest = Math.max(slowest, performance.now() - begin);
  });
  return {
    async stop() {
      await loop.stop();
      return { statuses, slowest };
    },
  };
}

function assertOnly(statuses, allowed) {
  const others = [...statuses].filter((status) => !allowed.includes(status));
  assert.deepEqual(others, [], `answers other than ${allowed}`);
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

describe('after kill -9', () => {
  for (const [service, path] of [
    ['api', '/api/v1/items?limit=1'],
    ['postgres', '/api/v1/items?limit=1'],
    ['dash', '/dash/_dash-layout'],
  ]) {
    test(`${service} is back by itself, and no acknowledged write is lost`, async (t) => {
      const category = uniqueName(`Crash of ${service}`);
      t.after(() => psql(`DELETE FROM items WHERE category = :'category'`, { category }));
      const writer = startWriter(category);
      const reader = startReader(path);
      await waitFor('some writes', () => writer.acknowledged.length >= 10);

      const begin = performance.now();
      const oldPid = await crash(service);
      await waitUntilBack(service, oldPid);
      const duration = performance.now() - begin;

      const before = writer.acknowledged.length;
      await waitFor('writes go on', () => writer.acknowledged.length >= before + 10);
      await writer.stop();
      const { statuses, slowest } = await reader.stop();
      t.diagnostic(
        `${service} is back after ${seconds(duration)}; slowest answer: ${seconds(slowest)}; ` +
          `answers to reads: ${[...statuses]}, to writes: ${[...writer.statuses]}; ` +
          `acknowledged writes: ${writer.acknowledged.length}`,
      );
      assertOnly(statuses, [200, 503]);
      assertOnly(writer.statuses, [201, 503]);

      const stored = new Map((await listCategory(category)).map((item) => [item.id, item]));
      for (const item of writer.acknowledged) assert.deepEqual(stored.get(item.id), item);
      const names = [...stored.values()].map((item) => item.name);
      assert.equal(new Set(names).size, names.length, 'nothing was done twice');
    });
  }
});

/** Stops a service while `body` runs. */
async function without(service, body) {
  await stop(service);
  try {
    await body();
  } finally {
    await start(service);
  }
}

/** Suspends a service while `body` runs. */
async function withHanging(service, body) {
  const resume = await suspend(service);
  try {
    await body();
  } finally {
    await resume();
  }
}

describe('while a service is away', () => {
  for (const [service, path] of [
    ['api', '/api/v1/items'],
    ['dash', '/dash/'],
    ['react', '/'],
  ]) {
    test(`the gateway answers 503 for ${service}, and serves the others`, async () => {
      await without(service, async () => {
        const reply = await fetch(BASE_URL + path, { signal: AbortSignal.timeout(NO_HANG) });
        assert.equal(reply.status, 503);
        for (const other of ['/api/v1/items', '/dash/', '/'].filter((each) => each !== path)) {
          assert.equal((await fetch(BASE_URL + other)).status, 200, other);
        }
      });
      await waitFor(`${service} is served again`, async () => (await fetch(BASE_URL + path)).ok);
    });
  }

  test('the API says so for the database, and still lives', async () => {
    await without('postgres', async () => {
      const reply = await fetch(ITEMS, { signal: AbortSignal.timeout(NO_HANG) });
      await assertProblem(reply, 503);
      assert.ok(Number(reply.headers.get('retry-after')) > 0);
      const ready = await fetch(`${BASE_URL}/api/ready`);
      assert.equal(ready.status, 503);
      assert.notEqual((await ready.json()).checks.database, 'ok');
      assert.equal((await fetch(`${BASE_URL}/api/health`)).status, 200);
    });
    await waitFor('the API serves again', async () => (await fetch(ITEMS)).ok);
  });
});

describe('the pages', () => {
  const OUTAGE = [/status of 50[234]/, /net::ERR_/];
  let item;
  const newItem = async (name) =>
    (item = await createItem({ name, category: name, price: 1, quantity: 2_000_000_000 }));
  afterEach(async () => {
    if (item !== undefined) await deleteItem(item.id);
    item = undefined;
  });
  /** Marks the page; a reload would remove the mark. */
  const mark = (page) => page.evaluate(() => (window.notReloaded = true));
  const assertNotReloaded = async (page) =>
    assert.equal(await page.evaluate(() => window.notReloaded), true, 'the page was reloaded');

  for (const service of ['api', 'postgres']) {
    browserTest(
      `the list says that ${service} is away, keeps what was typed, and recovers`,
      { tolerated: OUTAGE },
      async ({ page }) => {
        const { name } = await newItem(uniqueName(`Outage of ${service}`));
        await page.goto(`${BASE_URL}/?${new URLSearchParams({ category: name })}`);
        await page.getByRole('row').filter({ hasText: name }).waitFor();
        await mark(page);

        const form = page.getByRole('dialog');
        const banner = form.getByText('The service is restarting or unavailable.');
        await without(service, async () => {
          await page.getByRole('link', { name: 'New item' }).click();
          await form.getByLabel('Name').fill(name);
          await form.getByLabel('Category').fill(name);
          await form.getByLabel('Price').fill('5');
          await form.getByLabel('Quantity').fill('6');
          await form.getByRole('button', { name: 'Create item' }).click();
          await banner.waitFor();
          await form.getByText('it is unknown whether the item was created').waitFor();
        });
        await banner.waitFor({ state: 'detached' });
        await page.getByText('The service is available again.', { exact: true }).waitFor();
        assert.equal(await form.getByLabel('Price').inputValue(), '5');
        await assertNotReloaded(page);

        await form.getByRole('button', { name: 'Create item' }).click();
        await page.getByText(`“${name}” was created.`).waitFor();
        const [second] = (await listCategory(name)).filter(({ id }) => id !== item.id);
        await deleteItem(second.id);
      },
    );
  }

  browserTest(
    'a list that could not be loaded loads itself',
    { tolerated: OUTAGE },
    async (test) => {
      const { page } = test;
      const { name } = await newItem(uniqueName('Late'));
      await without('api', async () => {
        await page.goto(`${BASE_URL}/?${new URLSearchParams({ category: name })}`);
        await page.getByRole('heading', { name: 'The items could not be loaded' }).waitFor();
        await mark(page);
      });
      await page.getByRole('row').filter({ hasText: name }).waitFor();
      await assertNotReloaded(page);
    },
  );

  for (const [service, state, duringThat, notice] of [
    ['api', 'is away', without, 'The API is not answering.'],
    ['api', 'hangs', withHanging, 'The API is not answering.'],
    ['dash', 'is away', without, "The dashboard's server is not answering."],
  ]) {
    browserTest(
      `the dashboard says that ${service} ${state}, and recovers`,
      // Dash's own front end writes failed callbacks to the console.
      {
        tolerated: [...OUTAGE, /Callback error updating/, /Failed to fetch/, /^uncaught: 50[234]/],
      },
      async ({ page }) => {
        const { name } = await newItem(uniqueName(`Graph`));
        await page.goto(`${BASE_URL}/dash/`);
        const bar = page.locator('.items-graph .ytick', { hasText: name });
        await bar.waitFor();
        await mark(page);
        const alert = page.getByRole('alert').filter({ hasText: notice });
        await duringThat(service, () => alert.waitFor({ timeout: NO_HANG }));
        await alert.waitFor({ state: 'hidden' });

        await deleteItem(item.id);
        await bar.waitFor({ state: 'detached' });
        await assertNotReloaded(page);
      },
    );
  }
});

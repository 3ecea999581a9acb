/**
 * The dashboard through the gateway: the genuine Dash front end, driven by the C++ backend.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { BASE_URL, createItem, deleteItem, launchBrowser, uniqueName } from './support.mjs';

// plotly.js is large, and the first graph takes its time on a small machine.
const FIRST_GRAPH = 30_000;
// The page asks every 3 s.
const REFRESH = 6_000;

let browser;
const contexts = [];
const created = [];

before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await Promise.all(created.splice(0).map((item) => deleteItem(item.id)));
});

async function create(item) {
  const stored = await createItem(item);
  created.push(stored);
  return stored;
}

async function openDashboard(locale = 'en-US') {
  const context = await browser.newContext({ locale });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(`${BASE_URL}/dash/`);
  await page.locator('.items-graph .barlayer path').first().waitFor({ timeout: FIRST_GRAPH });
  return page;
}

test('an item that is created elsewhere appears in the graph without a reload', async () => {
  await create({ name: 'There is a bar', category: 'Books', price: 1, quantity: 1 });
  const page = await openDashboard();
  const category = uniqueName('Dash');
  // So many that its bar is among those that are drawn.
  await create({ name: 'New', category, price: 1, quantity: 2_000_000_000 });
  await page.locator('.items-graph .ytick', { hasText: category }).waitFor({ timeout: REFRESH });
});

test('the category control chooses what is shown', async () => {
  const category = uniqueName('Dash');
  await create({ name: 'Only one', category, price: 2.5, quantity: 3 });
  const page = await openDashboard();
  await page.getByRole('button', { name: 'Category' }).click();
  await page.getByPlaceholder('Search').fill(category);
  await page.locator('.dash-dropdown-content').getByText(category).click();
  await page.getByRole('heading', { name: `Units in stock: ${category}` }).waitFor();
  await page.getByRole('status').filter({ hasText: '1 item shown' }).waitFor();

  await page.getByText('Stock value', { exact: true }).click();
  await page.locator('.items-graph .bartext', { hasText: '7.50' }).waitFor();
});

test('the page speaks the language of the browser, and the one that is chosen', async () => {
  await create({ name: 'Uno', category: 'Books', price: 1, quantity: 1 });
  const page = await openDashboard('es-ES');
  assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  await page.getByRole('heading', { name: 'Panel de datos' }).waitFor();

  await page.getByText('English', { exact: true }).click();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.locator('html[lang=en]').waitFor();
  assert.match(await page.title(), /^Dashboard/);

  await page.reload();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
});

test('the address without its slash leads to the page', async () => {
  const reply = await fetch(`${BASE_URL}/dash`, { redirect: 'manual' });
  assert.ok([301, 302, 307, 308].includes(reply.status), `status ${reply.status}`);
  assert.equal(new URL(reply.headers.get('location'), BASE_URL).pathname, '/dash/');
});

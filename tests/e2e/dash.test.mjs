/**
 * The dashboard through the gateway: Dash's own front end with the C++ backend.
 */
import assert from 'node:assert/strict';
import { afterEach } from 'node:test';

import { browserTest } from './browser.mjs';
import { BASE_URL, createItem, deleteItem, uniqueName } from './support.mjs';

const created = [];
afterEach(() => Promise.all(created.splice(0).map((item) => deleteItem(item.id))));

async function create(item) {
  const stored = await createItem(item);
  created.push(stored);
  return stored;
}

async function openDashboard(page) {
  await page.goto(`${BASE_URL}/dash/`);
  await page.locator('.items-graph .barlayer path').first().waitFor();
}

browserTest('an item that is created elsewhere appears in the graph', {}, async ({ page }) => {
  await create({ name: 'There is a bar', category: 'Books', price: 1, quantity: 1 });
  await openDashboard(page);
  const category = uniqueName('Dash');
  // Enough items that the chart shows their category.
  await create({ name: 'New', category, price: 1, quantity: 2_000_000_000 });
  await page.locator('.items-graph .ytick', { hasText: category }).waitFor();
});

browserTest('the category control chooses what is shown', {}, async ({ page }) => {
  const category = uniqueName('Dash');
  await create({ name: 'Only one', category, price: 2.5, quantity: 3 });
  await openDashboard(page);
  await page.getByRole('button', { name: 'Category' }).click();
  await page.getByPlaceholder('Search').fill(category);
  await page.locator('.dash-dropdown-content').getByText(category).click();
  await page.getByRole('heading', { name: `Units in stock: ${category}` }).waitFor();
  await page.getByRole('status').filter({ hasText: '1 item shown' }).waitFor();

  await page.getByText('Stock value', { exact: true }).click();
  await page.locator('.items-graph .bartext', { hasText: '7.50' }).waitFor();
});

browserTest('the dashboard speaks both languages', { locale: 'es-ES' }, async ({ page }) => {
  await create({ name: 'Uno', category: 'Books', price: 1, quantity: 1 });
  await openDashboard(page);
  assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  await page.getByRole('heading', { name: 'Panel de datos' }).waitFor();

  await page.getByText('English', { exact: true }).click();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.locator('html[lang=en]').waitFor();
  assert.match(await page.title(), /^Dashboard/);

  await page.reload();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
});

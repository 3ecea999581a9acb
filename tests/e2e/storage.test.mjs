/**
 * The page and PostgreSQL agree. This file runs last, so that it also finds items that other tests left behind.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserTest } from './browser.mjs';
import { psql } from './platform.mjs';
import { BASE_URL, createItem, deleteItem, uniqueName } from './support.mjs';

browserTest('the list shows what is in PostgreSQL', {}, async ({ page, t }) => {
  const name = uniqueName('From psql');
  t.after(() => psql(`DELETE FROM items WHERE name = :'name'`, { name }));
  await psql(
    `INSERT INTO items (name, description, category, price, quantity)
     VALUES (:'name', 'Añadido a mano', :'name', 1234.50, 7)`,
    { name },
  );
  await page.goto(`${BASE_URL}/?${new URLSearchParams({ category: name })}`);
  await page.getByText('Showing 1 of 1').waitFor();
  const row = page.getByRole('row').filter({ hasText: name });
  const cells = await row.getByRole('cell').allInnerTexts();
  assert.ok(cells.includes('1,234.50') && cells.includes('7'), cells.join(' | '));
});

test('what a client creates is in PostgreSQL, to the cent', async (t) => {
  const name = uniqueName('To psql');
  const { id } = await createItem({ name, category: 'Storage', price: 12.3, quantity: 2000000000 });
  t.after(() => deleteItem(id));
  const stored = await psql(`SELECT price, quantity FROM items WHERE name = :'name'`, { name });
  assert.equal(stored, '12.30|2000000000');
});

test('no test before has left an item behind', async () => {
  assert.equal(await psql('SELECT count(*) FROM items'), '0');
});

browserTest('a platform without items invites to create one', {}, async ({ page }) => {
  await page.goto(BASE_URL);
  await page.getByRole('heading', { name: 'No items yet' }).waitFor();
  await page.getByText('make db-seed').waitFor();
});

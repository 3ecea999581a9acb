/**
 * `make dev-down` and `make dev-up` keep the data.
 */
import assert from 'node:assert/strict';

import { browserTest } from './browser.mjs';
import { restartPlatform } from './platform.mjs';
import { BASE_URL, createItem, deleteItem, uniqueName } from './support.mjs';

browserTest('an item survives a stop and a start of the platform', {}, async ({ page, t }) => {
  const name = uniqueName('Survivor');
  const item = await createItem({ name, category: name, price: 10.01, quantity: 1 });
  const address = `${BASE_URL}/?${new URLSearchParams({ category: name })}`;
  const row = page.getByRole('row').filter({ hasText: name });
  await page.goto(address);
  await row.waitFor();
  // The page would notice the outage and tell of it.
  await page.goto('about:blank');

  const begin = performance.now();
  await restartPlatform();
  t.diagnostic(`stopped and started in ${((performance.now() - begin) / 1000).toFixed(1)} s`);

  const reply = await fetch(`${BASE_URL}/api/v1/items/${item.id}`);
  assert.deepEqual(await reply.json(), item);
  await page.goto(address);
  await row.getByText('10.01').waitFor();
  await deleteItem(item.id);
});

/**
 * The React app as a person uses it. Needs only the address of the platform.
 */
/* global document -- in the page */
import assert from 'node:assert/strict';
import { afterEach } from 'node:test';

import { browserTest } from './browser.mjs';
import { BASE_URL, createItem, deleteItem, listCategory, uniqueName, waitFor } from './support.mjs';

// Each test uses its own category, to find and remove its items.
let category;
const newCategory = (prefix = 'Shop') => (category = uniqueName(prefix));
afterEach(async () => {
  if (category === undefined) return;
  for (const { id } of await listCategory(category)) await deleteItem(id);
  category = undefined;
});

const address = (path = '/') => `${BASE_URL}${path}?${new URLSearchParams({ category })}`;
const row = (page, name) => page.getByRole('row').filter({ hasText: name });

async function fillForm(page, item) {
  for (const [label, value] of Object.entries(item)) {
    await page.getByRole('dialog').getByLabel(label).fill(value);
  }
}

browserTest('what is created in the page is in the API and in the graph', {}, async ({ page }) => {
  const name = newCategory('Created');
  await page.goto(address());
  await page.getByRole('link', { name: 'New item' }).click();
  await fillForm(page, {
    Name: name,
    Category: category,
    Price: '12.30',
    // Enough items that the graph shows their category.
    Quantity: '2000000000',
    Description: 'Two lines,\nan emoji 🐘 and <b>markup</b>',
  });
  await page.getByRole('button', { name: 'Create item' }).click();
  await page.getByText(`“${name}” was created.`).waitFor();
  await row(page, name).waitFor();

  const [item] = await listCategory(category);
  assert.equal(item.name, name);
  assert.equal(item.price, 12.3);
  assert.equal(item.description, 'Two lines,\nan emoji 🐘 and <b>markup</b>');

  await page.goto(`${BASE_URL}/dash/`);
  await page.locator('.items-graph .ytick', { hasText: name }).waitFor();
});

browserTest('an item is edited', {}, async ({ page }) => {
  const { id, name } = await createItem({
    ...{ name: newCategory('Edited'), category, price: 1, quantity: 2 },
    description: 'Stays',
  });
  await page.goto(address());
  await page.getByRole('link', { name: `Edit ${name}` }).click();
  await fillForm(page, { Price: '2.50' });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText(`“${name}” was saved.`).waitFor();
  await row(page, name).getByText('2.50').waitFor();
  const item = await (await fetch(`${BASE_URL}/api/v1/items/${id}`)).json();
  assert.deepEqual([item.price, item.quantity, item.description], [2.5, 2, 'Stays']);
});

browserTest(
  'who edits what somebody else has changed is told, and decides',
  { tolerated: [/status of 412/] },
  async ({ page }) => {
    const item = { name: newCategory('Conflict'), category, price: 1, quantity: 2 };
    const { id } = await createItem(item);
    const url = `${BASE_URL}/api/v1/items/${id}`;
    await page.goto(address(`/items/${id}`));
    await fillForm(page, { Price: '3.00' });
    await fetch(url, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: '{"price": 2.00, "quantity": 9}',
    });
    await page.getByRole('button', { name: 'Save changes' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'Somebody else changed this item' });
    await alert.getByText('Current version: 2.00').waitFor();
    await alert.getByText('Your version: 3.00').waitFor();
    assert.equal((await (await fetch(url)).json()).price, 2, 'nothing is saved yet');

    await page.getByRole('button', { name: 'Keep my version and save' }).click();
    await page.getByText(`“${item.name}” was saved.`).waitFor();
    const { price, quantity } = await (await fetch(url)).json();
    assert.deepEqual([price, quantity], [3, 9], 'mine where I changed it, theirs elsewhere');
  },
);

browserTest('an item is deleted once that is confirmed', {}, async ({ page }) => {
  const { id, name } = await createItem({
    ...{ name: newCategory('Deleted'), category, price: 1, quantity: 1 },
  });
  await page.goto(address());
  const question = page.getByRole('alertdialog', { name: 'Delete this item?' });
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await row(page, name).waitFor();

  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await question.getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`“${name}” was deleted.`).waitFor();
  await row(page, name).waitFor({ state: 'detached' });
  assert.equal((await fetch(`${BASE_URL}/api/v1/items/${id}`)).status, 404);
  // No item matches the filter any more, and the page offers a way out.
  await page.getByText('Nothing matches these filters').waitFor();
});

browserTest(
  'a mistake that only the API sees appears at its field',
  { tolerated: [/status of 422/] },
  async ({ page }) => {
    newCategory('Refused');
    // The page would refuse an invalid item, so the test makes the item invalid on its way to the API.
    await page.route('**/api/v1/items', async (route) => {
      const item = { ...route.request().postDataJSON(), name: 'x'.repeat(121), price: -1 };
      await route.continue({ postData: JSON.stringify(item) });
    });
    await page.goto(address('/items/new'));
    await fillForm(page, { Name: 'Fine', Category: category, Price: '1', Quantity: '1' });
    await page.getByRole('button', { name: 'Create item' }).click();
    await page.getByRole('alert').getByText('Please correct the marked fields.').waitFor();
    const form = page.getByRole('dialog');
    for (const [label, message] of [
      ['Name', 'At most 120 characters.'],
      ['Price', 'Must be 0.00 or more.'],
    ]) {
      const field = form.getByLabel(label);
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      await form.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).waitFor();
      await form.getByText(message).waitFor();
    }
    assert.equal(await form.getByLabel('Quantity').getAttribute('aria-invalid'), null);
    assert.equal(
      await form.getByLabel('Name').evaluate((field) => field === document.activeElement),
      true,
      'the first mistake has the focus',
    );
  },
);

browserTest('an item is created with the keyboard alone', {}, async ({ page }) => {
  const name = newCategory('Keyboard');
  const { keyboard } = page;
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      return element.labels?.[0]?.textContent ?? element.ariaLabel ?? element.textContent;
    });
  const tabTo = async (text) => {
    for (let presses = 0; presses < 30; presses += 1) {
      await keyboard.press('Tab');
      if ((await focused()).includes(text)) return;
    }
    assert.fail(`Tab does not reach “${text}”`);
  };
  await page.goto(address());
  await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor();
  await tabTo('New item');
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'New item' }).waitFor();
  assert.equal(await focused(), 'Name');
  for (const [index, text] of [name, category, '9.99', '3'].entries()) {
    if (index > 0) await keyboard.press('Tab');
    await keyboard.type(text);
  }
  await keyboard.press('Enter');
  await page.getByText(`“${name}” was created.`).waitFor();
  await row(page, name).waitFor();
  await waitFor('the focus is back where it was', async () =>
    (await focused()).includes('New item'),
  );
});

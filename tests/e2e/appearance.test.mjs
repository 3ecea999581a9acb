/**
 * The React app in both languages, both colour schemes, and on a narrow screen.
 */
/* global document, getComputedStyle, OffscreenCanvas -- in the page */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { assertNoSidewaysScroll, browserTest } from './browser.mjs';
import { BASE_URL, createItem, deleteItem, uniqueName } from './support.mjs';

const category = uniqueName('Muestra');
let item;
before(async () => {
  item = await createItem({
    name: 'A name as long as it may be: '.padEnd(120, 'W'),
    description: `${'word '.repeat(40)}${'unbreakable'.repeat(20)}`,
    category,
    price: 9_999_999_999.99,
    quantity: 2_147_483_647,
  });
});
after(() => deleteItem(item.id));

const pages = () => ['/', '/items/new', `/items/${item.id}`, '/about', '/nothing/here'];

browserTest('the page speaks Spanish to who prefers it', { locale: 'es-MX' }, async ({ page }) => {
  await page.goto(BASE_URL);
  assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  await page.getByRole('heading', { name: 'Artículos' }).waitFor();
  await page.getByText('9.999.999.999,99').waitFor();
});

browserTest('the language is switched, and stays', { locale: 'de-DE' }, async ({ page }) => {
  await page.goto(BASE_URL);
  await page.getByRole('heading', { name: 'Items' }).waitFor();
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByRole('heading', { name: 'Artículos' }).waitFor();
  assert.match(await page.title(), /^Artículos/);
  await page.reload();
  await page.getByRole('heading', { name: 'Artículos' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Items' }).waitFor();
});

/** The brightness of the page, from 0 to 1. */
function brightness(page) {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)) / 255;
  });
}

browserTest(
  'the colours follow the system until one chooses',
  { colorScheme: 'dark' },
  async ({ page }) => {
    await page.goto(BASE_URL);
    const scheme = page.getByRole('button', { name: 'Colour scheme' });
    await scheme.waitFor();
    assert.ok((await brightness(page)) < 0.3, 'dark with the system');
    await scheme.click();
    assert.equal(await scheme.getAttribute('aria-label'), 'Colour scheme: light');
    assert.ok((await brightness(page)) > 0.7, 'light because it was chosen');
    await page.reload();
    await scheme.waitFor();
    assert.ok((await brightness(page)) > 0.7, 'and still so after a reload');
  },
);

for (const width of [360, 1920]) {
  browserTest(
    `no page scrolls sideways at ${width} px`,
    { viewport: { width, height: 780 }, locale: 'es-ES' },
    async ({ page }) => {
      for (const path of pages()) {
        await page.goto(BASE_URL + path);
        await page.getByRole('heading').first().waitFor();
        await page.waitForLoadState('networkidle');
        await assertNoSidewaysScroll(page);
      }
      await page.goto(`${BASE_URL}/dash/`);
      await page.locator('.items-graph .barlayer path').first().waitFor();
      await assertNoSidewaysScroll(page);
    },
  );
}

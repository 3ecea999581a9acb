/**
 * Every address of the platform, and the links of the API with and without the gateway.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { browserTest } from './browser.mjs';
import { assertProblem, sendJson } from './http.mjs';
import { API_URL, BASE_URL, deleteItem, TRAEFIK_URL, uniqueName } from './support.mjs';

const ADDRESSES = [
  ['/', 'text/html', /<div id="root">/],
  ['/a/page/of/the/app', 'text/html', /<div id="root">/],
  ['/apiary', 'text/html', /<div id="root">/],
  ['/api/health', 'application/json', /"ok"/],
  ['/api/ready', 'application/json', /"database":"ok"/],
  ['/api/metrics', 'text/plain', /^http_server_requests_total\{/m],
  ['/api/docs', 'text/html', /swagger-ui/],
  ['/api/openapi.json', 'application/json', /"openapi":"3\.1/],
  ['/api/v1/items', 'application/json', /"items":/],
  ['/dash/', 'text/html', /_dash-config/],
];

for (const [path, type, content] of ADDRESSES) {
  test(`GET ${path}`, async () => {
    const reply = await fetch(BASE_URL + path);
    assert.equal(reply.status, 200);
    assert.ok(reply.headers.get('content-type').startsWith(type));
    assert.match(await reply.text(), content);
  });
}

test('/dash leads to /dash/', async () => {
  const reply = await fetch(`${BASE_URL}/dash`, { redirect: 'manual' });
  assert.equal(reply.status, 302);
  assert.equal(new URL(reply.headers.get('location'), BASE_URL).href, `${BASE_URL}/dash/`);
});

for (const path of [
  '/dash/_dash-component-suites/plotly/package_data/plotly.min.js',
  '/api/docs/swagger-ui-bundle.js',
]) {
  test(`${path} comes as the build compressed it`, async () => {
    for (const coding of ['br', 'gzip']) {
      const reply = await fetch(BASE_URL + path, { headers: { 'Accept-Encoding': coding } });
      assert.equal(reply.headers.get('content-encoding'), coding);
      assert.match(reply.headers.get('etag'), new RegExp(`^"[0-9a-f]{16}-${coding}"$`));
      assert.match(reply.headers.get('vary'), /accept-encoding/i);
      await reply.arrayBuffer();
    }
  });
}

test('paths that lead nowhere are not found', async () => {
  await assertProblem(await fetch(`${BASE_URL}/api/nothing`), 404);
  await assertProblem(await fetch(`${BASE_URL}/api`), 404);
  assert.equal((await fetch(`${BASE_URL}/dash/assets/nothing.js`)).status, 404);
});

test("Traefik's dashboard is on its own port, and knows our routes", async () => {
  const page = await fetch(`${TRAEFIK_URL}/dashboard/`);
  assert.equal(page.status, 200);
  const routers = await (await fetch(`${TRAEFIK_URL}/api/http/routers`)).json();
  const states = Object.fromEntries(routers.map(({ name, status }) => [name, status]));
  for (const name of ['api@file', 'dash@file', 'react@file']) assert.equal(states[name], 'enabled');
});

describe('links of the API', () => {
  // The way to the API, and the prefix that its links must have.
  const ways = [
    ['through the gateway', `${BASE_URL}/api`, '/api'],
    ['on its own port', API_URL, ''],
    ['on its own port, the prefix left on', `${API_URL}/api`, '/api'],
  ];
  for (const [way, base, prefix] of ways) {
    test(`are right ${way}`, async (t) => {
      const { servers } = await (await fetch(`${base}/openapi.json`)).json();
      assert.deepEqual(servers, [{ url: prefix || '/' }]);

      const item = { name: uniqueName('Link'), category: 'Gateway', price: 1, quantity: 1 };
      const reply = await sendJson('POST', `${base}/v1/items`, JSON.stringify(item));
      assert.equal(reply.status, 201);
      const { id } = await reply.json();
      t.after(() => deleteItem(id));
      assert.equal(reply.headers.get('location'), `${prefix}/v1/items/${id}`);
      const target = await fetch(new URL(reply.headers.get('location'), base));
      assert.equal((await target.json()).name, item.name);
    });
  }

  test('cannot be led astray by a client', async () => {
    const headers = { 'X-Forwarded-Prefix': '/evil' };
    const { servers } = await (await fetch(`${BASE_URL}/api/openapi.json`, { headers })).json();
    assert.deepEqual(servers, [{ url: '/api' }]);
  });
});

describe('a page of another origin', () => {
  const preflight = (origin) =>
    fetch(`${BASE_URL}/api/v1/items/1`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'content-type,if-match',
      },
    });

  test('may call the API when CORS_ORIGINS names it', async () => {
    const { status, headers } = await preflight('http://localhost:3000');
    assert.equal(status, 204);
    assert.equal(headers.get('access-control-allow-origin'), 'http://localhost:3000');
    assert.match(headers.get('access-control-allow-methods'), /\bPATCH\b/);
    assert.match(headers.get('access-control-allow-headers'), /if-match/);
  });

  test('may not otherwise', async () => {
    const { headers } = await preflight('http://evil.example');
    assert.equal(headers.get('access-control-allow-origin'), null);
  });
});

browserTest('Swagger UI shows the operations, and calls them', {}, async ({ page }) => {
  await page.goto(`${BASE_URL}/api/docs`);
  await page.getByRole('heading', { name: 'Microservices Learning Platform API' }).waitFor();
  for (const id of ['list_items', 'create_item', 'read_item', 'patch_item', 'delete_item']) {
    await page.locator(`#operations-items-${id}`).waitFor();
  }

  const list = page.locator('#operations-items-list_items');
  await list.getByRole('button').first().click();
  const answer = page.waitForResponse(/\/v1\/items\?/);
  await list.getByRole('button', { name: 'Execute' }).click();
  const reply = await answer;
  assert.equal(reply.status(), 200);
  assert.ok(reply.url().startsWith(`${BASE_URL}/api/v1/items?`), reply.url());
  await list.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
});

browserTest('the page about the platform leads to its parts', {}, async ({ page }) => {
  await page.goto(`${BASE_URL}/about`);
  await page.getByRole('heading', { name: 'About' }).waitFor();
  const links = await page.getByRole('main').getByRole('link').all();
  assert.equal(links.length, 3);
  for (const link of links) {
    const reply = await fetch(new URL(await link.getAttribute('href'), BASE_URL));
    assert.equal(reply.status, 200, reply.url);
  }
});

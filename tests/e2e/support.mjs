/**
 * Helpers of the end-to-end tests: addresses of the platform, items for a test, and waiting.
 */

/** The gateway, without a trailing slash. */
export const BASE_URL = (process.env.BASE_URL ?? 'http://127.0.0.1:8088').replace(/\/$/, '');
/** The API, without the gateway. */
export const API_URL = `http://127.0.0.1:${process.env.API_PORT ?? 8000}`;
/** Traefik's own pages. */
export const TRAEFIK_URL = `http://127.0.0.1:${process.env.TRAEFIK_DASHBOARD_PORT ?? 8080}`;

/** Creates an item through the gateway, as any client would. */
export async function createItem(item) {
  const reply = await fetch(`${BASE_URL}/api/v1/items`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(item),
  });
  if (reply.status !== 201) throw new Error(`POST /api/v1/items: ${reply.status}`);
  return reply.json();
}

/** Every item of a category, page after page. */
export async function listCategory(category) {
  const items = [];
  const query = new URLSearchParams({ category, limit: 100 });
  for (;;) {
    const reply = await fetch(`${BASE_URL}/api/v1/items?${query}`);
    if (reply.status !== 200) throw new Error(`GET /api/v1/items: ${reply.status}`);
    const page = await reply.json();
    items.push(...page.items);
    if (page.next_cursor === null) return items;
    query.set('cursor', page.next_cursor);
  }
}

/** Removes an item; it may already be removed. */
export async function deleteItem(id) {
  const reply = await fetch(`${BASE_URL}/api/v1/items/${id}`, { method: 'DELETE' });
  if (![204, 404].includes(reply.status)) {
    throw new Error(`DELETE /api/v1/items/${id}: ${reply.status}`);
  }
}

let names = 0;
/** A text that no other test and no other run uses. */
export function uniqueName(prefix) {
  names += 1;
  return `${prefix} ${Date.now().toString(36)}${names}`;
}

/** A short pause in a loop. Never use it to wait for a condition. */
export function breathe(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Polls until `condition` returns something truthy, and returns that. A condition that throws is not
 * met yet; after a timeout, the message contains its last error.
 */
export async function waitFor(what, condition, seconds = 30) {
  const deadline = performance.now() + seconds * 1000;
  let failure = '';
  while (performance.now() < deadline) {
    try {
      const result = await condition();
      if (result) return result;
    } catch (error) {
      failure = `: ${error.message}`;
    }
    await breathe(100);
  }
  throw new Error(`waited ${seconds} s in vain for: ${what}${failure}`);
}

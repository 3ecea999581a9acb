/**
 * What the end-to-end tests share: where the platform is, items made for a test, and waiting.
 */

/** The gateway, without a slash at the end. */
export const BASE_URL = (process.env.BASE_URL ?? 'http://127.0.0.1:8088').replace(/\/$/, '');
/** The API without the gateway in front of it. */
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

/** Removes an item; one that is gone already is fine. */
export async function deleteItem(id) {
  const reply = await fetch(`${BASE_URL}/api/v1/items/${id}`, { method: 'DELETE' });
  if (![204, 404].includes(reply.status)) {
    throw new Error(`DELETE /api/v1/items/${id}: ${reply.status}`);
  }
}

let names = 0;
/** A text that no other test and no other run has used. */
export function uniqueName(prefix) {
  names += 1;
  return `${prefix} ${Date.now().toString(36)}${names}`;
}

/** Lets other things happen for a moment: the pace of a loop, never a wait for a condition. */
export function breathe(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Polls until `condition` yields something truthy, and returns that. A condition that throws counts
 * as not met yet; its last error is in the message should the time run out.
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

/**
 * What the end-to-end tests share: the gateway's address, a browser, and items made for a test.
 */
import { chromium } from 'playwright-core';

/** The gateway, without a slash at the end. */
export const BASE_URL = (process.env.BASE_URL ?? 'http://127.0.0.1:8088').replace(/\/$/, '');

/** Debian's Chromium. It makes no connection of its own, so the tests need no internet. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

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

/** Removes an item; one that is gone already is fine. */
export async function deleteItem(id) {
  const reply = await fetch(`${BASE_URL}/api/v1/items/${id}`, { method: 'DELETE' });
  if (![204, 404].includes(reply.status)) {
    throw new Error(`DELETE /api/v1/items/${id}: ${reply.status}`);
  }
}

/** A text that no other run has used. */
export function uniqueName(prefix) {
  return `${prefix} ${Date.now().toString(36)}`;
}

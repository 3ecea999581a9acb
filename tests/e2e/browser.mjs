/**
 * Tests in a browser. Each test has its own context (cookies, storage, language). It fails if the page
 * logs an error or contacts a foreign host. A failing test leaves a screenshot.
 */
/* global document -- in the page */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { chromium } from 'playwright-core';

import { BASE_URL } from './support.mjs';

const REPORTS = join(process.env.RUN_DIR ?? '.', 'reports');
// Long, because the machine may be compiling at the same time.
const TEST_TIMEOUT = 120_000;
const ACTION_TIMEOUT = 30_000;

/** Debian's Chromium, without background connections, so the tests need no internet. */
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

// One browser for all tests of a file: Node.js runs each file in a separate process.
let launched;
const browser = () => (launched ??= launchBrowser());
after(async () => (await launched)?.close());

/** Collects the page's errors and requests to foreign hosts. */
function watch(page, tolerated) {
  const complaints = [];
  const complain = (text) => {
    if (!tolerated.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') complain(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complain(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    const local = ['data:', 'blob:'].includes(protocol) || host === new URL(BASE_URL).host;
    if (!local) complain(`a request to another host: ${request.url()}`);
  });
  return complaints;
}

async function saveScreenshot(page, t) {
  const name = t.name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80);
  const path = join(REPORTS, `${name}.png`);
  try {
    await mkdir(REPORTS, { recursive: true });
    await page.screenshot({ path });
    t.diagnostic(`screenshot: ${path} (${page.url()})`);
  } catch (error) {
    t.diagnostic(`no screenshot: ${error.message}`);
  }
}

/**
 * Defines a test that gets `{ page, t }`. `options` are Playwright's for the context, and
 * `tolerated`: patterns of console errors that belong to what is tested.
 */
export function browserTest(name, options, body) {
  const { tolerated = [], ...contextOptions } = options;
  test(name, { timeout: TEST_TIMEOUT }, async (t) => {
    const context = await (
      await browser()
    ).newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 }, ...contextOptions });
    context.setDefaultTimeout(ACTION_TIMEOUT);
    const page = await context.newPage();
    const complaints = watch(page, tolerated);
    try {
      await body({ page, t });
      assert.deepEqual(complaints, [], 'the page complained');
    } catch (error) {
      await saveScreenshot(page, t);
      throw error;
    } finally {
      await context.close();
    }
  });
}

/** Fails if the page scrolls horizontally. */
export async function assertNoSidewaysScroll(page) {
  const excess = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  assert.ok(excess <= 0, `${page.url()} is ${excess} px wider than the window`);
}

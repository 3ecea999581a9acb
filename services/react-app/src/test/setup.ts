/** Runs before each test file: matchers, the network, and what jsdom lacks of a browser. */
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';

import { server } from './fakeApi';

// How long `findBy` waits: a busy machine is not a failure.
configure({ asyncUtilTimeout: 15_000 });

// jsdom knows <dialog> but not its methods. The focus trap and the top layer cannot be imitated;
// the end-to-end tests see them in a real browser.
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    this.open = false;
  },
});
// Nothing has a place in jsdom, so there is nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

// A request that no handler knows is a mistake of the test, or of the app.
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
  sessionStorage.clear();
});
afterAll(() => server.close());

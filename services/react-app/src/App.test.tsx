import { screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { startFakeApi } from './test/fakeApi';
import { renderApp } from './test/renderApp';

afterEach(() => vi.unstubAllGlobals());

test('starts in the language of the browser', async () => {
  startFakeApi();
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr-FR', 'es-MX', 'en']);
  renderApp('/', 'of the browser');
  expect(await screen.findByRole('heading', { name: 'Artículos' })).toBeInTheDocument();
  expect(document.documentElement).toHaveAttribute('lang', 'es');
});

test('switches the language, tells the browser, and remembers it', async () => {
  startFakeApi();
  const { user, unmount } = renderApp('/', 'en');
  await user.click(screen.getByRole('button', { name: 'Español' }));
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Artículos');
  expect(screen.getByRole('button', { name: 'Español' })).toHaveAttribute('aria-pressed', 'true');
  expect(document.documentElement).toHaveAttribute('lang', 'es');
  unmount();
  renderApp('/', 'of the browser');
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Artículos');
});

test('goes through the colour schemes, and remembers the choice', async () => {
  startFakeApi();
  const { user } = renderApp();
  const { dataset } = document.documentElement;
  expect(dataset['scheme']).toBeUndefined();
  await user.click(screen.getByRole('button', { name: 'Colour scheme: system' }));
  expect(dataset['scheme']).toBe('light');
  await user.click(screen.getByRole('button', { name: 'Colour scheme: light' }));
  expect(dataset['scheme']).toBe('dark');
  expect(localStorage.getItem('mlp.color-scheme')).toBe('dark');
  await user.click(screen.getByRole('button', { name: 'Colour scheme: dark' }));
  expect(dataset['scheme']).toBeUndefined();
});

test('an unknown address leads back to the list', async () => {
  startFakeApi();
  const { user, router } = renderApp('/no/such/page');
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('This page does not exist');
  await user.click(screen.getByRole('link', { name: 'Back to the list' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
});

test('the about page links to the other parts of the platform', () => {
  renderApp('/about');
  const href = (name: RegExp) => screen.getByRole('link', { name }).getAttribute('href');
  expect(href(/API documentation/)).toBe('/api/docs');
  expect(href(/Dashboard/)).toBe('/dash/');
  expect(href(/Gateway/)).toBe('http://localhost:8080/dashboard/');
});

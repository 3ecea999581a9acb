/** What the visitor sees during an outage, and the automatic recovery. */
import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';

import { anItem, server, startFakeApi } from '../test/fakeApi';
import { renderApp } from '../test/renderApp';

const BANNER = 'The service is restarting or unavailable.';

test('the banner appears, goes away by itself, and the list is there', async () => {
  const api = startFakeApi([anItem(1)]);
  api.goDown();
  renderApp();
  expect(await screen.findByText(BANNER)).toBeInTheDocument();
  expect(screen.getByText('The items could not be loaded')).toBeInTheDocument();
  api.comeBack();
  expect(await screen.findByText('Item 1')).toBeInTheDocument();
  expect(screen.queryByText(BANNER)).not.toBeInTheDocument();
  expect(screen.getByText('The service is available again.')).toBeInTheDocument();
});

test('a connection that nobody accepts is an outage too', async () => {
  startFakeApi([anItem(1)]);
  server.use(http.get('*/api/v1/items', () => HttpResponse.error()));
  renderApp();
  expect(await screen.findByText(BANNER)).toBeInTheDocument();
});

test('the rows stay on the screen while the service is away', async () => {
  const api = startFakeApi([anItem(1, { name: 'Lamp' })]);
  const { user } = renderApp();
  await user.click(await screen.findByRole('button', { name: 'Delete Lamp' }));
  api.goDown();
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  expect(await screen.findByText(BANNER)).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /Lamp/ })).toBeInTheDocument();
});

test('"retry now" brings the list back', async () => {
  const api = startFakeApi([anItem(1)]);
  api.goDown();
  const { user } = renderApp();
  await screen.findByText(BANNER);
  api.comeBack();
  await user.click(screen.getByRole('button', { name: 'Retry now' }));
  expect(await screen.findByText('Item 1')).toBeInTheDocument();
});

test('a form keeps what was typed through an outage, and a creation is sent only once', async () => {
  const api = startFakeApi();
  const { user } = renderApp('/items/new');
  const sheet = within(await screen.findByRole('dialog', { name: 'New item' }));
  await user.type(sheet.getByLabelText('Name'), 'Lamp');
  await user.type(sheet.getByLabelText('Category'), 'Home');
  await user.type(sheet.getByLabelText('Price'), '12.50');
  await user.type(sheet.getByLabelText('Quantity'), '4');
  api.goDown();
  await user.click(screen.getByRole('button', { name: 'Create item' }));
  expect(await screen.findByText(/unknown whether the item was created/)).toBeInTheDocument();
  api.comeBack();
  await waitFor(() => expect(screen.queryByText(BANNER)).not.toBeInTheDocument());
  expect(api.requests('POST')).toHaveLength(1);
  expect(sheet.getByLabelText('Name')).toHaveValue('Lamp');
  await user.click(screen.getByRole('button', { name: 'Create item' }));
  expect(await screen.findByText('“Lamp” was created.')).toBeInTheDocument();
  expect(api.items()).toHaveLength(1);
});

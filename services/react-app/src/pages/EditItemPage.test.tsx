import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';

import { anItem, server, startFakeApi } from '../test/fakeApi';
import { renderApp } from '../test/renderApp';

async function openLamp(address = '/items/1') {
  const api = startFakeApi([anItem(1, { name: 'Lamp', price: 12.5, description: 'Warm' })]);
  const app = renderApp(address);
  await screen.findByDisplayValue('Lamp');
  const sheet = within(screen.getByRole('dialog', { name: 'Edit item' }));
  const retype = async (label: string, text: string) => {
    await app.user.clear(sheet.getByLabelText(label));
    await app.user.type(sheet.getByLabelText(label), text);
  };
  const save = () => app.user.click(sheet.getByRole('button', { name: 'Save changes' }));
  return { api, ...app, sheet, retype, save };
}

test('sends only what changed, on the condition that nobody else was faster', async () => {
  const { api, retype, save, router, search } = await openLamp('/items/1?q=lamp');
  await retype('Price', '13');
  await save();
  expect(await screen.findByText('“Lamp” was saved.')).toBeInTheDocument();
  const [request] = api.requests('PATCH');
  expect(request?.body).toEqual({ price: 13 });
  expect(request?.headers.get('If-Match')).toBe('"1"');
  expect(request?.headers.get('Content-Type')).toBe('application/merge-patch+json');
  expect(router.state.location.pathname).toBe('/');
  expect(search().get('q')).toBe('lamp');
});

test('clearing the description sets it to null', async () => {
  const { api, user, sheet, save } = await openLamp();
  await user.clear(sheet.getByLabelText(/Description/));
  await save();
  await screen.findByText('“Lamp” was saved.');
  expect(api.requests('PATCH')[0]?.body).toEqual({ description: null });
});

test('saving without a change sends nothing', async () => {
  const { api, save } = await openLamp();
  await save();
  expect(await screen.findByText('There were no changes to save.')).toBeInTheDocument();
  expect(api.requests('PATCH')).toHaveLength(0);
});

test('says when somebody else changed the item, and can take their version', async () => {
  const { api, retype, save, sheet, user } = await openLamp();
  await retype('Name', 'My lamp');
  api.changeElsewhere(1, { name: 'Their lamp', quantity: 77 });
  await save();
  const alert = await sheet.findByRole('alert');
  expect(alert).toHaveTextContent('Somebody else changed this item');
  expect(alert).toHaveTextContent('Their lamp');
  expect(sheet.getByLabelText('Name')).toHaveValue('My lamp');

  await user.click(within(alert).getByRole('button', { name: 'Use the current version' }));
  expect(sheet.getByLabelText('Name')).toHaveValue('Their lamp');
  expect(sheet.getByLabelText('Quantity')).toHaveValue('77');
  expect(sheet.queryByRole('alert')).not.toBeInTheDocument();
});

test('keeping one’s own version keeps their changes of other fields', async () => {
  const { api, retype, save, sheet, user } = await openLamp();
  await retype('Name', 'My lamp');
  api.changeElsewhere(1, { quantity: 77 });
  await save();
  await user.click(await sheet.findByRole('button', { name: 'Keep my version and save' }));
  expect(await screen.findByText('“My lamp” was saved.')).toBeInTheDocument();
  expect(api.items()[0]).toMatchObject({ name: 'My lamp', quantity: 77 });
  expect(api.requests('PATCH')[1]?.body).toEqual({ name: 'My lamp' });
});

test('a save whose answer was lost is not mistaken for somebody else’s', async () => {
  const { api, retype, save, sheet } = await openLamp();
  await retype('Name', 'My lamp');
  server.use(
    http.patch(
      '*/api/v1/items/1',
      () => {
        api.changeElsewhere(1, { name: 'My lamp' });
        return HttpResponse.error();
      },
      { once: true },
    ),
  );
  await save();
  expect(await sheet.findByText(/Save again when the service is available/)).toBeInTheDocument();
  await save();
  expect(await screen.findByText('“My lamp” was saved.')).toBeInTheDocument();
});

test('an item that does not exist, or an address that cannot be one, says so', async () => {
  startFakeApi();
  const { unmount } = renderApp('/items/99');
  expect(await screen.findByText('This item does not exist')).toBeInTheDocument();
  unmount();
  const { user, router } = renderApp('/items/abc');
  expect(await screen.findByText('This item does not exist')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Back to the list' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
});

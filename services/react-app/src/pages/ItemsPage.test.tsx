import { act, screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';

import { anItem, problem, server, startFakeApi } from '../test/fakeApi';
import { renderApp } from '../test/renderApp';

test('lists what the API has, with exact prices in the language of the page', async () => {
  startFakeApi([anItem(1, { name: 'Lamp', price: 9999999999.99, quantity: 1200 })]);
  renderApp('/', 'es');
  const row = await screen.findByRole('row', { name: /Lamp/ });
  expect(row).toHaveTextContent('9.999.999.999,99');
  expect(row).toHaveTextContent('1.200');
  expect(screen.getByText('Mostrando 1 de 1')).toBeInTheDocument();
});

test('shows that it is loading before the first answer', async () => {
  startFakeApi([anItem(1)]);
  renderApp();
  expect(screen.getByText('Loading items…')).toBeInTheDocument();
  expect(await screen.findByText('Item 1')).toBeInTheDocument();
  expect(screen.queryByText('Loading items…')).not.toBeInTheDocument();
});

test('an empty database says how to fill it', async () => {
  startFakeApi();
  renderApp();
  expect(await screen.findByText('No items yet')).toBeInTheDocument();
  expect(screen.getByText('make db-seed')).toBeInTheDocument();
});

test('loads the next page by its cursor, and asks for the total only once', async () => {
  const api = startFakeApi(Array.from({ length: 30 }, (_, index) => anItem(index + 1)));
  const { user } = renderApp();
  await user.click(await screen.findByRole('button', { name: 'Load more' }));
  expect(await screen.findByText('Showing 30 of 30')).toHaveFocus();
  expect(screen.queryByRole('button', { name: 'Load more' })).not.toBeInTheDocument();
  const [first, second] = api.lists();
  expect(first?.url.searchParams.get('include_total')).toBe('true');
  expect(second?.url.searchParams.get('cursor')).toBe('20');
  expect(second?.url.searchParams.has('include_total')).toBe(false);
});

test('searches once for several letters, and keeps the search in the URL', async () => {
  const api = startFakeApi([anItem(1, { name: 'Lamp' }), anItem(2, { name: 'Chair' })]);
  const { user, search } = renderApp();
  await screen.findByText('Chair');
  await user.type(screen.getByLabelText('Search'), 'lamp');
  await waitFor(() => expect(screen.queryByText('Chair')).not.toBeInTheDocument());
  expect(screen.getByText('Lamp')).toBeInTheDocument();
  expect(search().get('q')).toBe('lamp');
  expect(api.lists().map(({ url }) => url.searchParams.get('q'))).toEqual([null, 'lamp']);
});

test('takes its filters from the URL and passes them on', async () => {
  const api = startFakeApi();
  renderApp('/?q=zzz&category=Home&min_price=1.50&max_price=20.00&sort=-price', 'es');
  expect(await screen.findByText('Nada coincide con estos filtros')).toBeInTheDocument();
  expect(screen.getByLabelText('Precio mín.')).toHaveValue('1,50');
  expect(Object.fromEntries(api.lists()[0]?.url.searchParams ?? [])).toMatchObject({
    q: 'zzz',
    category: 'Home',
    min_price: '1.5',
    max_price: '20',
    sort: '-price',
  });
});

test('clearing the filters empties their fields and the URL', async () => {
  startFakeApi([anItem(1)]);
  const { user, search } = renderApp('/?q=zzz');
  await screen.findByText('Nothing matches these filters');
  const filters = within(screen.getByRole('search'));
  await user.click(filters.getByRole('button', { name: 'Clear filters' }));
  expect(await screen.findByText('Item 1')).toBeInTheDocument();
  expect(screen.getByLabelText('Search')).toHaveValue('');
  expect(search().size).toBe(0);
});

test('a letter typed while an earlier search arrives is not lost', async () => {
  startFakeApi([anItem(1, { name: 'Lamp' })]);
  const { user, search, router } = renderApp();
  await user.type(await screen.findByLabelText('Search'), 'la');
  // Typing goes on in the very moment in which the address changes.
  const stop = router.subscribe(() => {
    stop();
    void user.keyboard('mp');
  });
  await waitFor(() => expect(search().get('q')).toBe('lamp'));
  expect(screen.getByLabelText('Search')).toHaveValue('lamp');
});

test('going back shows the earlier filters in their fields', async () => {
  startFakeApi([anItem(1)]);
  const { router } = renderApp('/?q=lamp');
  await act(() => router.navigate('/?q=chair'));
  expect(await screen.findByDisplayValue('chair')).toBeInTheDocument();
  await act(() => router.navigate(-1));
  expect(await screen.findByDisplayValue('lamp')).toBeInTheDocument();
});

test('marks a price that is not one, and does not ask the API for it', async () => {
  const api = startFakeApi([anItem(1)]);
  const { user, search } = renderApp();
  await screen.findByText('Item 1');
  await user.type(screen.getByLabelText('Min. price'), 'abc');
  expect(screen.getByLabelText('Min. price')).toHaveAccessibleDescription('Up to two decimals');
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(search().size).toBe(0);
  expect(api.lists()).toHaveLength(1);
});

test('a column header sorts, and sorts the other way when pressed again', async () => {
  startFakeApi([anItem(1)]);
  const { user, search } = renderApp();
  await screen.findByText('Item 1');
  const header = () => screen.getByRole('columnheader', { name: 'Price' });
  await user.click(within(header()).getByRole('button'));
  expect(header()).toHaveAttribute('aria-sort', 'ascending');
  await user.click(within(header()).getByRole('button'));
  expect(header()).toHaveAttribute('aria-sort', 'descending');
  expect(search().get('sort')).toBe('-price');
});

test('deletes after a confirmation, and the row is gone', async () => {
  const api = startFakeApi([anItem(1, { name: 'Lamp' }), anItem(2, { name: 'Chair' })]);
  const { user } = renderApp();
  await user.click(await screen.findByRole('button', { name: 'Delete Lamp' }));
  const question = screen.getByRole('alertdialog', { name: 'Delete this item?' });
  expect(api.requests('DELETE')).toHaveLength(0);
  await user.click(within(question).getByRole('button', { name: 'Delete' }));
  expect(await screen.findByText('“Lamp” was deleted.')).toBeInTheDocument();
  expect(screen.queryByRole('row', { name: /Lamp/ })).not.toBeInTheDocument();
  expect(screen.getByText('Showing 1 of 1')).toBeInTheDocument();
  expect(api.items().map((item) => item.name)).toEqual(['Chair']);
});

test('cancelling the confirmation deletes nothing', async () => {
  const api = startFakeApi([anItem(1, { name: 'Lamp' })]);
  const { user } = renderApp();
  await user.click(await screen.findByRole('button', { name: 'Delete Lamp' }));
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
  expect(api.requests('DELETE')).toHaveLength(0);
});

test('a row comes back when its deletion fails', async () => {
  startFakeApi([anItem(1, { name: 'Lamp' })]);
  server.use(http.delete('*/api/v1/items/1', () => problem(409, 'In use')));
  const { user } = renderApp();
  await user.click(await screen.findByRole('button', { name: 'Delete Lamp' }));
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  expect(await screen.findByText('“Lamp” could not be deleted.')).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /Lamp/ })).toBeInTheDocument();
});

test('shows a problem of the API with its trace, and tries again on request', async () => {
  startFakeApi([anItem(1)]);
  server.use(
    http.get('*/api/v1/items', () => problem(500, 'Internal error', { trace_id: 'abc123' }), {
      once: true,
    }),
  );
  const { user } = renderApp();
  expect(await screen.findByText('The items could not be loaded')).toBeInTheDocument();
  expect(screen.getByText('Trace abc123')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Item 1')).toBeInTheDocument();
});

test('a page of HTML instead of JSON is called what it is', async () => {
  startFakeApi();
  server.use(http.get('*/api/v1/items', () => HttpResponse.html('<!doctype html>')));
  renderApp();
  expect(await screen.findByText('The service sent an unexpected answer.')).toBeInTheDocument();
});

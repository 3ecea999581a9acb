import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { startFakeApi } from '../test/fakeApi';
import { renderApp } from '../test/renderApp';

async function openForm() {
  const app = renderApp('/items/new');
  const sheet = within(await screen.findByRole('dialog', { name: 'New item' }));
  const fill = async (fields: Record<string, string>) => {
    for (const [label, text] of Object.entries(fields)) {
      await app.user.type(sheet.getByLabelText(label, { exact: false }), text);
    }
  };
  const send = () => app.user.click(sheet.getByRole('button', { name: 'Create item' }));
  return { ...app, sheet, fill, send };
}

function keysOf(api: ReturnType<typeof startFakeApi>) {
  return api.requests('POST').map(({ headers }) => headers.get('Idempotency-Key'));
}

const complete = { Name: 'Lamp', Category: 'Home', Price: '19.99', Quantity: '3' };

test('creates an item with an exact price and shows it in the list', async () => {
  const api = startFakeApi();
  const { fill, send, router } = await openForm();
  await fill({ ...complete, Name: '  Lamp ', Description: 'Warm light' });
  await send();
  expect(await screen.findByText('“Lamp” was created.')).toBeInTheDocument();
  expect(await screen.findByRole('row', { name: /Lamp/ })).toHaveTextContent('19.99');
  expect(router.state.location.pathname).toBe('/');
  const [request] = api.requests('POST');
  expect(request?.body).toEqual({
    name: 'Lamp',
    category: 'Home',
    price: 19.99,
    quantity: 3,
    description: 'Warm light',
  });
});

test('marks what is missing or out of range, focuses the first of it, and sends nothing', async () => {
  const api = startFakeApi();
  const { sheet, fill, send } = await openForm();
  await fill({ Category: 'x'.repeat(61), Price: '1.005', Quantity: '2147483648' });
  await send();
  expect(sheet.getByLabelText('Name')).toHaveFocus();
  expect(sheet.getByLabelText('Name')).toHaveAccessibleDescription('This field is required.');
  expect(sheet.getByLabelText('Category')).toHaveAccessibleDescription('At most 60 characters.');
  expect(sheet.getByLabelText('Price')).toBeInvalid();
  expect(sheet.getByLabelText('Quantity')).toHaveAccessibleDescription(
    'Must be 2,147,483,647 or less.',
  );
  expect(api.requests('POST')).toHaveLength(0);
});

test('puts the errors of the API on their fields, in the visitor’s words where it has them', async () => {
  const api = startFakeApi();
  const { sheet, fill, send, user } = await openForm();
  await fill(complete);
  api.refuseNextCreate([
    { pointer: '/price', code: 'less_than_equal', message: 'must be at most 9999999999.99' },
    { pointer: '/category', code: 'not_ours', message: 'must be a category of ours' },
    { pointer: '', code: 'odd', message: 'is odd' },
  ]);
  await send();
  const category = sheet.getByLabelText('Category');
  await waitFor(() => expect(category).toHaveFocus());
  expect(category).toHaveAccessibleDescription('must be a category of ours');
  expect(sheet.getByLabelText('Price')).toHaveAccessibleDescription(
    'Must be 9,999,999,999.99 or less.',
  );
  expect(sheet.getByRole('alert')).toHaveTextContent('is odd');

  await user.type(category, ' & more');
  expect(category).not.toBeInvalid();
  await send();
  expect(await screen.findByText('“Lamp” was created.')).toBeInTheDocument();
});

test('asks before it throws away what was typed', async () => {
  startFakeApi();
  const { fill, user, router, sheet } = await openForm();
  await fill({ Name: 'Lamp' });
  await user.click(sheet.getByRole('button', { name: 'Close' }));
  await user.click(screen.getByRole('button', { name: 'Keep editing' }));
  expect(sheet.getByLabelText('Name')).toHaveValue('Lamp');
  await user.click(sheet.getByRole('button', { name: 'Close' }));
  await user.click(screen.getByRole('button', { name: 'Discard' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('brings back what was typed before the page was reloaded', async () => {
  startFakeApi();
  const { fill, unmount } = await openForm();
  await fill({ Name: 'Lamp' });
  unmount();
  const { sheet, user } = await openForm();
  expect(sheet.getByLabelText('Name')).toHaveValue('Lamp');
  await user.click(sheet.getByRole('button', { name: 'Start over' }));
  expect(sheet.getByLabelText('Name')).toHaveValue('');
});

/** A form whose item was created, but whose answer was lost. */
async function openFormOfALostAnswer() {
  const api = startFakeApi();
  const form = await openForm();
  await form.fill(complete);
  api.loseNextAnswer();
  await form.send();
  expect(await screen.findByText(/unknown whether the item was created/)).toBeInTheDocument();
  return { api, ...form };
}

test('creates an item once, although its answer was lost and it was sent again', async () => {
  const { api, send } = await openFormOfALostAnswer();
  await send();
  expect(await screen.findByText('“Lamp” was created.')).toBeInTheDocument();
  expect(api.items()).toHaveLength(1);
});

test('sends the same key for the same submission, also after a reload of the page', async () => {
  const { api, unmount } = await openFormOfALostAnswer();
  unmount();
  const again = await openForm();
  await again.send();
  await screen.findByText('“Lamp” was created.');
  const [first, second] = keysOf(api);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(second).toBe(first);
  expect(api.items()).toHaveLength(1);
});

test('sends a new key for another submission, be it changed or made anew', async () => {
  const { api, fill, send, unmount } = await openFormOfALostAnswer();
  await fill({ Name: ' 2' });
  await send();
  await screen.findByText('“Lamp 2” was created.');
  unmount();
  const next = await openForm();
  await next.fill({ ...complete, Name: 'Lamp 2' });
  await next.send();
  await screen.findByText('“Lamp 2” was created.');
  expect(new Set(keysOf(api)).size).toBe(3);
  expect(api.items()).toHaveLength(3);
});

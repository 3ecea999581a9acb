/** Renders the whole app at an address, in English unless told otherwise. */
import { render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { createMemoryRouter } from 'react-router';

import { App, routes } from '../App';
import { rememberLanguage } from '../i18n/language';
import type { Language } from '../i18n/dictionary';

export function renderApp(address = '/', language: Language | 'of the browser' = 'en') {
  if (language !== 'of the browser') rememberLanguage(language);
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  return {
    ...render(<App createRouter={() => router} />),
    user: userEvent.setup({ delay: null }),
    router,
    search: () => new URLSearchParams(router.state.location.search),
  };
}

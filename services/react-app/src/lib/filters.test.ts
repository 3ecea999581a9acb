import { expect, test } from 'vitest';

import { DEFAULT_SORT, filtersFromSearch, filtersToSearch } from './filters';

test('a URL and its filters say the same in both directions', () => {
  const search = 'q=lamp&category=Home&min_price=1.50&max_price=20.00&sort=-price';
  expect(filtersToSearch(filtersFromSearch(new URLSearchParams(search))).toString()).toBe(search);
});

test('a URL that somebody tampered with yields the plain list', () => {
  const search = new URLSearchParams('min_price=-1&max_price=1e9&sort=password');
  expect(filtersFromSearch(search)).toEqual({
    q: '',
    category: '',
    minPrice: undefined,
    maxPrice: undefined,
    sort: DEFAULT_SORT,
  });
});

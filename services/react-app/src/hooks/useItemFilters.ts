/** The list's filters, read from and written to the page's URL. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { filtersFromSearch, filtersToSearch, type ItemFilters } from '../lib/filters';

export function useItemFilters(): [ItemFilters, (filters: ItemFilters) => void] {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => filtersFromSearch(search), [search]);
  return [
    filters,
    // Replaced, not pushed: every letter of a search would else be a step of the back button.
    (next) => setSearch(filtersToSearch(next), { replace: true, preventScrollReset: true }),
  ];
}

/** The list of items, page after page. */
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

import type { ItemFilters } from '../lib/filters';
import { listItems } from '../services/items';
import { itemKeys } from './itemKeys';

function itemsQuery(filters: ItemFilters) {
  return infiniteQueryOptions({
    queryKey: itemKeys.list(filters),
    queryFn: ({ pageParam, signal }) => listItems(filters, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    // While filters change, the old rows stay (dimmed) instead of flashing a skeleton.
    placeholderData: keepPreviousData,
  });
}

export function useItems(filters: ItemFilters) {
  return useInfiniteQuery(itemsQuery(filters));
}

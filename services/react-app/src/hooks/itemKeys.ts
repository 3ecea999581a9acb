/** The cache keys of everything about items, and edits of what is cached under them. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';

import type { ItemFilters } from '../lib/filters';
import type { Item, ItemPage } from '../services/items';

export const itemKeys = {
  lists: ['items', 'list'] as const,
  list: (filters: ItemFilters) => ['items', 'list', filters] as const,
  detail: (id: number) => ['items', 'detail', id] as const,
};

/** Applies `change` to the rows of every cached list; `removed` rows are taken off their totals. */
export function changeCachedRows(
  queryClient: QueryClient,
  change: (rows: Item[]) => Item[],
  removed = 0,
): void {
  queryClient.setQueriesData<InfiniteData<ItemPage>>({ queryKey: itemKeys.lists }, (list) =>
    list === undefined
      ? undefined
      : {
          ...list,
          pages: list.pages.map((page) => ({
            ...page,
            items: change(page.items),
            ...(typeof page.total === 'number' && { total: page.total - removed }),
          })),
        },
  );
}

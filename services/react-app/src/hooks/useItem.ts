/** One item at its newest version, for the form that edits it. */
import { useQuery } from '@tanstack/react-query';

import { readItem } from '../services/items';
import { itemKeys } from './itemKeys';

export function useItem(id: number) {
  return useQuery({
    queryKey: itemKeys.detail(id),
    queryFn: ({ signal }) => readItem(id, signal),
    // An old version would only lead to a conflict when it is saved, so nothing old is shown.
    staleTime: 0,
    gcTime: 0,
  });
}

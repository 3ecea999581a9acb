/** Creates an item, then fetches the lists again. */
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { createItem } from '../services/items';
import { itemKeys } from './itemKeys';

export function useCreateItem() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createItem,
    // Also after a failure: the item may be there although its answer was lost.
    onSettled: () => void queryClient.invalidateQueries({ queryKey: itemKeys.lists }),
  });
}

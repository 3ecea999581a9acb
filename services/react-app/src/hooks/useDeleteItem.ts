/**
 * Deletes an item. Its row disappears at once (deleting needs no answer from the server to be
 * shown) and comes back should the server refuse.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { hasStatus } from '../services/errors';
import { deleteItem } from '../services/items';
import { changeCachedRows, itemKeys } from './itemKeys';

/** Somebody else may have deleted it first; what was wanted is then already true. */
async function ensureDeleted(id: number): Promise<void> {
  try {
    await deleteItem(id);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

export function useDeleteItem() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ensureDeleted,
    async onMutate(id) {
      // A list that is under way would bring the row back.
      await queryClient.cancelQueries({ queryKey: itemKeys.lists });
      const before = queryClient.getQueriesData({ queryKey: itemKeys.lists });
      changeCachedRows(queryClient, (rows) => rows.filter((row) => row.id !== id), 1);
      return { before };
    },
    onError(_error, _id, saved) {
      for (const [key, data] of saved?.before ?? []) queryClient.setQueryData(key, data);
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: itemKeys.lists }),
  });
}

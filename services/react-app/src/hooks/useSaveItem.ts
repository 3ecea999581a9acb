/**
 * Saves an edited item, on the condition that it still is the version that the edit began with.
 *
 * The outcome is a value, since a conflict is an expected answer: the form shows both versions.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { itemFields, itemFromDraft, patchFromDraft, type ItemDraft } from '../lib/itemForm';
import { hasStatus } from '../services/errors';
import { patchItem, readItem, type Item, type VersionedItem } from '../services/items';
import { changeCachedRows, itemKeys } from './itemKeys';

export type SaveOutcome =
  | { readonly kind: 'saved' | 'unchanged'; readonly item: Item }
  | { readonly kind: 'conflict'; readonly current: VersionedItem };

interface Save {
  readonly base: VersionedItem;
  readonly draft: ItemDraft;
}

/** True when the item already says what the draft wants to say. */
function says(item: Item, draft: ItemDraft): boolean {
  const wanted = itemFromDraft(draft);
  return itemFields.every((field) => wanted[field] === (item[field] ?? null));
}

async function save({ base, draft }: Save): Promise<SaveOutcome> {
  const patch = patchFromDraft(draft, base.item);
  if (Object.keys(patch).length === 0) return { kind: 'unchanged', item: base.item };
  try {
    const { item } = await patchItem(base.item.id, patch, base.etag);
    return { kind: 'saved', item };
  } catch (error) {
    if (!hasStatus(error, 412)) throw error;
  }
  const current = await readItem(base.item.id);
  // An earlier attempt of ours whose answer was lost looks like somebody else's change.
  return says(current.item, draft)
    ? { kind: 'saved', item: current.item }
    : { kind: 'conflict', current };
}

export function useSaveItem() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSuccess(outcome) {
      const item = outcome.kind === 'conflict' ? outcome.current.item : outcome.item;
      changeCachedRows(queryClient, (rows) => rows.map((row) => (row.id === item.id ? item : row)));
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: itemKeys.lists }),
  });
}

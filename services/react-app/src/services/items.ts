/** The calls of the items resource, one function each. All of them throw the errors of errors.ts. */
import { priceToJson } from '../lib/price';
import type { ItemFilters } from '../lib/filters';
import type { components } from '../types/api';
import { client, unwrap } from './client';

export type Item = components['schemas']['ItemRead'];
export type ItemCreate = components['schemas']['ItemCreate'];
export type ItemPatch = components['schemas']['ItemPatch'];
export type ItemPage = components['schemas']['ItemPage'];

/** An item, and the version of it that `If-Match` names when it is written back. */
export interface VersionedItem {
  readonly item: Item;
  readonly etag: string | undefined;
}

/**
 * One page. `cursor` is the `next_cursor` of the page before, undefined for the first one, which
 * alone requests the total: counting is the most expensive part of the query, and the total stays
 * the same.
 */
export async function listItems(
  filters: ItemFilters,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ItemPage> {
  const query = {
    sort: filters.sort,
    ...(filters.q !== '' && { q: filters.q }),
    ...(filters.category !== '' && { category: filters.category }),
    ...(filters.minPrice !== undefined && { min_price: priceToJson(filters.minPrice) }),
    ...(filters.maxPrice !== undefined && { max_price: priceToJson(filters.maxPrice) }),
    ...(cursor === undefined ? { include_total: true } : { cursor }),
  };
  return (await unwrap(client.GET('/v1/items', { params: { query }, signal }))).data;
}

function versioned({ data, response }: { data: Item; response: Response }): VersionedItem {
  return { item: data, etag: response.headers.get('ETag') ?? undefined };
}

export async function readItem(id: number, signal?: AbortSignal): Promise<VersionedItem> {
  const call = client.GET('/v1/items/{id}', {
    params: { path: { id } },
    ...(signal !== undefined && { signal }),
  });
  return versioned(await unwrap(call));
}

/**
 * A lost answer does not mean that nothing was created: repeat this with the same `key` only, which
 * gets the first answer and creates nothing twice.
 */
export async function createItem(creation: { body: ItemCreate; key: string }): Promise<Item> {
  const params = { header: { 'Idempotency-Key': creation.key } };
  return (await unwrap(client.POST('/v1/items', { params, body: creation.body }))).data;
}

/**
 * Changes the fields that `body` names (RFC 7396). With an `etag` it fails with a ProblemError of
 * status 412 when the item is no longer at that version, so no change is lost.
 */
export async function patchItem(
  id: number,
  body: ItemPatch,
  etag: string | undefined,
): Promise<VersionedItem> {
  const call = client.PATCH('/v1/items/{id}', {
    params: { path: { id }, ...(etag !== undefined && { header: { 'If-Match': etag } }) },
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body,
  });
  return versioned(await unwrap(call));
}

export async function deleteItem(id: number): Promise<void> {
  await unwrap(client.DELETE('/v1/items/{id}', { params: { path: { id } } }));
}

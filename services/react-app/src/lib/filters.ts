/**
 * What the list shows, and its form in the page's URL. The URL is the only place where this state
 * lives, so that a list can be bookmarked, shared, and walked through with the back button. It is
 * also input: invalid parts are ignored.
 */
import { listConstraints } from '../types/constraints';
import { parsePrice, priceToText, type Price } from './price';

export type Sort = (typeof listConstraints.sort.enum)[number];
export type SortField = Exclude<Sort, `-${string}`>;

export interface ItemFilters {
  readonly q: string;
  readonly category: string;
  readonly minPrice: Price | undefined;
  readonly maxPrice: Price | undefined;
  readonly sort: Sort;
}

/** Newest first, because visitors look for the item that they have just created. */
export const DEFAULT_SORT: Sort = '-created_at';

export function isSort(text: string): text is Sort {
  return (listConstraints.sort.enum as readonly string[]).includes(text);
}

function textOf(search: URLSearchParams, name: 'q' | 'category'): string {
  return (search.get(name) ?? '').trim().slice(0, listConstraints[name].maxLength);
}

export function filtersFromSearch(search: URLSearchParams): ItemFilters {
  const sort = search.get('sort') ?? '';
  return {
    q: textOf(search, 'q'),
    category: textOf(search, 'category'),
    minPrice: parsePrice(search.get('min_price') ?? ''),
    maxPrice: parsePrice(search.get('max_price') ?? ''),
    sort: isSort(sort) ? sort : DEFAULT_SORT,
  };
}

/** Defaults are left out, so the plain list has a plain URL. */
export function filtersToSearch(filters: ItemFilters): URLSearchParams {
  const search = new URLSearchParams();
  if (filters.q !== '') search.set('q', filters.q);
  if (filters.category !== '') search.set('category', filters.category);
  if (filters.minPrice !== undefined) search.set('min_price', priceToText(filters.minPrice));
  if (filters.maxPrice !== undefined) search.set('max_price', priceToText(filters.maxPrice));
  if (filters.sort !== DEFAULT_SORT) search.set('sort', filters.sort);
  return search;
}

/** The same order without any narrowing. */
export function clearedFilters({ sort }: ItemFilters): ItemFilters {
  return { q: '', category: '', minPrice: undefined, maxPrice: undefined, sort };
}

/** True when the filters narrow the list (its order does not). */
export function narrows(filters: ItemFilters): boolean {
  return filtersToSearch({ ...filters, sort: DEFAULT_SORT }).size > 0;
}

export function sortField(sort: Sort): SortField {
  return sort.replace(/^-/, '') as SortField;
}

export function isDescending(sort: Sort): boolean {
  return sort.startsWith('-');
}

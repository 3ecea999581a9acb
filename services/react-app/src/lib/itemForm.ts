/**
 * The item form as data: the draft, its issues, and the request.
 *
 * The limits come from the OpenAPI document (types/constraints.ts), and an issue has the code that
 * the API would give it, so that a field's message is the same whether the page or the API found the mistake.
 */
import { itemConstraints } from '../types/constraints';
import type { components } from '../types/api';
import { parsePrice, priceFromJson, priceToJson, type Price } from './price';

type Item = components['schemas']['ItemRead'];
type ItemCreate = components['schemas']['ItemCreate'];
type ItemPatch = components['schemas']['ItemPatch'];

export const itemFields = ['name', 'category', 'price', 'quantity', 'description'] as const;
export type ItemField = (typeof itemFields)[number];

/** The texts of the form's fields. */
export type ItemDraft = Readonly<Record<ItemField, string>>;

/** `limit` is the number that the code speaks of; `message` is what to show for an unknown code. */
export interface Issue {
  readonly code: string;
  readonly limit?: number;
  readonly message?: string;
}
export type Issues = Readonly<Partial<Record<ItemField, Issue>>>;

export const emptyDraft: ItemDraft = {
  name: '',
  category: '',
  price: '',
  quantity: '',
  description: '',
};

export function isEmptyDraft(draft: ItemDraft): boolean {
  return itemFields.every((field) => draft[field] === '');
}

/** For a draft that comes out of the browser's storage. */
export function isItemDraft(value: unknown): value is ItemDraft {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Record<ItemField, unknown>>;
  return itemFields.every((field) => typeof candidate[field] === 'string');
}

/** `writePrice` gives the price the decimal sign of the visitor's language. */
export function draftFromItem(item: Item, writePrice: (price: Price) => string): ItemDraft {
  return {
    name: item.name,
    category: item.category,
    price: writePrice(priceFromJson(item.price)),
    quantity: String(item.quantity),
    description: item.description ?? '',
  };
}

/** Code points, as the API counts them: an emoji is one character, not two. */
export function lengthOf(text: string): number {
  return Array.from(text.trim()).length;
}

interface TextRules {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

function textIssue(field: 'name' | 'category' | 'description', text: string): Issue | undefined {
  const rules: TextRules = itemConstraints[field];
  const { minLength = 0, maxLength = Infinity, pattern } = rules;
  const length = lengthOf(text);
  if (length < minLength) return { code: 'string_too_short', limit: minLength };
  if (length > maxLength) return { code: 'string_too_long', limit: maxLength };
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) {
    return { code: 'control_character' };
  }
  return undefined;
}

function rangeIssue(value: number, range: { minimum: number; maximum: number }): Issue | undefined {
  if (value < range.minimum) return { code: 'greater_than_equal', limit: range.minimum };
  if (value > range.maximum) return { code: 'less_than_equal', limit: range.maximum };
  return undefined;
}

export function issueOf(field: ItemField, draft: ItemDraft): Issue | undefined {
  const text = draft[field].trim();
  switch (field) {
    case 'name':
    case 'category':
    case 'description':
      return textIssue(field, text);
    case 'price': {
      if (text === '') return { code: 'missing' };
      const negative = text.startsWith('-') && parsePrice(text.slice(1)) !== undefined;
      if (negative) return { code: 'greater_than_equal', limit: itemConstraints.price.minimum };
      const price = parsePrice(text);
      return price === undefined
        ? { code: 'decimal_type' }
        : rangeIssue(priceToJson(price), itemConstraints.price);
    }
    case 'quantity': {
      if (text === '') return { code: 'missing' };
      return /^-?\d{1,15}$/.test(text)
        ? rangeIssue(Number(text), itemConstraints.quantity)
        : { code: 'int_type' };
    }
  }
}

export function issuesOf(draft: ItemDraft): Issues {
  const issues: Partial<Record<ItemField, Issue>> = {};
  for (const field of itemFields) {
    const issue = issueOf(field, draft);
    if (issue !== undefined) issues[field] = issue;
  }
  return issues;
}

/** The request for a draft without issues. */
export function itemFromDraft(draft: ItemDraft): ItemCreate & { description: string | null } {
  const price = parsePrice(draft.price);
  if (price === undefined) throw new Error('itemFromDraft needs a draft without issues');
  const description = draft.description.trim();
  return {
    name: draft.name.trim(),
    category: draft.category.trim(),
    price: priceToJson(price),
    quantity: Number(draft.quantity),
    description: description === '' ? null : description,
  };
}

/** The merge patch that turns `base` into `draft` (without issues): only what differs. */
export function patchFromDraft(draft: ItemDraft, base: Item): ItemPatch {
  const wanted = itemFromDraft(draft);
  const differing = itemFields.filter((field) => wanted[field] !== (base[field] ?? null));
  return Object.fromEntries(differing.map((field) => [field, wanted[field]]));
}

/**
 * A draft over a newer version of its item: a field that the visitor did not touch follows the
 * newer version, one that they changed stays as they want it.
 */
export function rebaseDraft(draft: ItemDraft, base: ItemDraft, newer: ItemDraft): ItemDraft {
  const untouched = itemFields.filter((field) => draft[field].trim() === base[field]);
  return { ...draft, ...Object.fromEntries(untouched.map((field) => [field, newer[field]])) };
}

/** The fields that both sides changed, each to something else. */
export function clashingFields(base: ItemDraft, theirs: ItemDraft, yours: ItemDraft): ItemField[] {
  return itemFields.filter((field) => {
    const wanted = yours[field].trim();
    return theirs[field] !== base[field] && wanted !== base[field] && wanted !== theirs[field];
  });
}

export function sameDraft(a: ItemDraft, b: ItemDraft): boolean {
  return itemFields.every((field) => a[field] === b[field]);
}

/** The keyword of the OpenAPI document that holds the limit which a code speaks of. */
const limitKeywords: Readonly<Record<string, string>> = {
  string_too_short: 'minLength',
  string_too_long: 'maxLength',
  greater_than_equal: 'minimum',
  less_than_equal: 'maximum',
  int_range: 'maximum',
};

function issueFromError(field: ItemField, code: string, message: string): Issue {
  const rules: Readonly<Record<string, unknown>> = itemConstraints[field];
  const limit = rules[limitKeywords[code] ?? ''];
  return { code, message, ...(typeof limit === 'number' && { limit }) };
}

/** A 422's `errors`, by field; `rest` are those that belong to no field of the form. */
export function issuesFromErrors(errors: readonly components['schemas']['FieldError'][]): {
  issues: Issues;
  rest: readonly string[];
} {
  const issues: Partial<Record<ItemField, Issue>> = {};
  const rest: string[] = [];
  for (const { pointer, code, message } of errors) {
    const field = itemFields.find((name) => pointer === `/${name}`);
    if (field === undefined) {
      rest.push(`${pointer} ${message}`.trim());
    } else {
      issues[field] ??= issueFromError(field, code, message);
    }
  }
  return { issues, rest };
}

/** Numbers and dates as a language writes them. */
import { priceToText, type Price } from '../lib/price';
import type { Language } from './dictionary';

export interface Formats {
  /** Whole numbers. */
  readonly integer: (value: number) => string;
  /** With its two decimals and no currency: the API's prices have none. */
  readonly price: (price: Price) => string;
  /** As somebody types it: no grouping, the language's decimal sign. */
  readonly editablePrice: (price: Price) => string;
  /** An RFC 3339 time as a short date of the visitor's time zone. */
  readonly date: (time: string) => string;
  /** The same, with the time to the second. */
  readonly dateTime: (time: string) => string;
}

export function createFormats(language: Language): Formats {
  // Spanish groups from five digits on, except in columns, whose digits should line up.
  const useGrouping = 'always';
  const integer = new Intl.NumberFormat(language, { maximumFractionDigits: 0, useGrouping });
  const decimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const price = new Intl.NumberFormat(language, { ...decimals, useGrouping });
  const editable = new Intl.NumberFormat(language, { ...decimals, useGrouping: false });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' });
  return {
    integer: (value) => integer.format(value),
    // Intl formats the decimal text itself, without a detour through a binary fraction.
    price: (value) => price.format(priceToText(value)),
    editablePrice: (value) => editable.format(priceToText(value)),
    date: (time) => date.format(new Date(time)),
    dateTime: (time) => dateTime.format(new Date(time)),
  };
}

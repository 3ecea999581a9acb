/**
 * Exact prices. A price is a whole number of hundredths everywhere in the app; the API's JSON
 * numbers (two decimals, up to 9999999999.99) are turned into it and back at the edge.
 *
 * Both directions are exact: a double holds 15 significant decimal digits, a price has at most 12.
 */
declare const hundredths: unique symbol;
export type Price = number & { readonly [hundredths]: true };

/** Reads "12", "12.5", "12,50"; undefined for anything that is not a decimal of at most two places. */
export function parsePrice(text: string): Price | undefined {
  const match = /^(\d{1,10})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, units = '', fraction = ''] = match;
  return Number(units + fraction.padEnd(2, '0')) as Price;
}

/** From a number of the API's JSON. */
export function priceFromJson(value: number): Price {
  return Number(value.toFixed(2).replace('.', '')) as Price;
}

/** "12.50": always two places and a point, as the API and the URL write it. */
export function priceToText(price: Price): `${number}` {
  const digits = String(price).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}` as `${number}`;
}

/** To a number that JSON.stringify writes with exactly these digits. */
export function priceToJson(price: Price): number {
  return Number(priceToText(price));
}

import { expect, test } from 'vitest';

import { itemConstraints } from '../types/constraints';
import { parsePrice, priceFromJson, priceToJson, priceToText } from './price';

test.each([
  ['0', '0.00'],
  ['0.1', '0.10'],
  ['1,5', '1.50'],
  [' 12.34 ', '12.34'],
  ['9999999999.99', '9999999999.99'],
])('reads %j as %s', (text, expected) => {
  const price = parsePrice(text);
  expect(price).toBeDefined();
  expect(price !== undefined && priceToText(price)).toBe(expected);
});

test.each(['', '-1', '1.005', '1e3', '1.', '.5', '1 000', '12345678901', 'NaN'])(
  'refuses %j',
  (text) => {
    expect(parsePrice(text)).toBeUndefined();
  },
);

test.each(['0.01', '0.07', '0.29', '1.1', '19.99', '4503599627.37', '9999999999.99'])(
  'carries %s through JSON without changing a digit',
  (text) => {
    const price = priceFromJson(JSON.parse(text) as number);
    expect(JSON.stringify(priceToJson(price))).toBe(text);
  },
);

test('the API’s prices have the two decimals that this module is made for', () => {
  expect(itemConstraints.price['x-decimal-places']).toBe(2);
});

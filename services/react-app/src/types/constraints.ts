/** Generated from services/api/openapi.json by `npm run generate:types`; do not edit. */

/** The fields of a new item. */
export const itemConstraints = {
  name: {
    required: true,
    minLength: 1,
    maxLength: 120,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
  },
  description: {
    required: false,
    maxLength: 2000,
    pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$',
  },
  category: {
    required: true,
    minLength: 1,
    maxLength: 60,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
  },
  price: { required: true, minimum: 0, maximum: 9999999999.99, 'x-decimal-places': 2 },
  quantity: { required: true, minimum: 0, maximum: 2147483647 },
} as const;

/** The query parameters of the list of items. */
export const listConstraints = {
  q: { minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' },
  category: { minLength: 1, maxLength: 60, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' },
  min_price: { minimum: 0, maximum: 9999999999.99, 'x-decimal-places': 2 },
  max_price: { minimum: 0, maximum: 9999999999.99, 'x-decimal-places': 2 },
  sort: {
    enum: [
      'id',
      '-id',
      'name',
      '-name',
      'price',
      '-price',
      'quantity',
      '-quantity',
      'created_at',
      '-created_at',
    ],
    default: 'id',
  },
  limit: { minimum: 1, maximum: 100, default: 20 },
  cursor: { maxLength: 1024 },
  include_total: { default: false },
} as const;

/** Generated from services/api/openapi.json by `npm run generate:types`; do not edit. */

/** The fields of a new item. */
export const itemConstraints = {
  name: { required: true, minLength: 1, maxLength: 120 },
  description: { required: false, minLength: 0, maxLength: 2000 },
  category: { required: true, minLength: 1, maxLength: 60 },
  price: { required: true, minimum: 0, maximum: 9999999999.99, multipleOf: 0.01 },
  quantity: { required: true, minimum: 0, maximum: 2147483647 },
} as const;

/** The query parameters of the list of items. */
export const listConstraints = {
  limit: { minimum: 1, maximum: 100, default: 20 },
  cursor: { minLength: 1, maxLength: 512 },
  q: { minLength: 1, maxLength: 120 },
  category: { minLength: 1, maxLength: 60 },
  min_price: { minimum: 0, maximum: 9999999999.99, multipleOf: 0.01 },
  max_price: { minimum: 0, maximum: 9999999999.99, multipleOf: 0.01 },
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
  include_total: { default: false },
} as const;

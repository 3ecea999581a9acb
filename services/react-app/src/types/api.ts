/** Generated from services/api/openapi.json by `npm run generate:types`; do not edit. */
export interface paths {
  '/v1/items': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List items */
    get: operations['list_items'];
    put?: never;
    /** Create an item */
    post: operations['create_item'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/items/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['read_item'];
    put: operations['replace_item'];
    post?: never;
    delete: operations['delete_item'];
    options?: never;
    head?: never;
    patch: operations['patch_item'];
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    FieldError: {
      code: string;
      in: string;
      message: string;
      pointer: string;
    };
    ItemCreate: {
      category: string;
      description?: string | null;
      name: string;
      price: number;
      /** Format: int32 */
      quantity: number;
    };
    ItemPage: {
      items: components['schemas']['ItemRead'][];
      next_cursor: string | null;
      /** Format: int64 */
      total?: number;
    };
    ItemPatch: {
      category?: string;
      description?: string | null;
      name?: string;
      price?: number;
      /** Format: int32 */
      quantity?: number;
    };
    ItemRead: {
      category: string;
      /** Format: date-time */
      created_at: string;
      description: string | null;
      /** Format: int64 */
      id: number;
      name: string;
      price: number;
      /** Format: int32 */
      quantity: number;
      /** Format: date-time */
      updated_at: string;
    };
    ItemReplace: {
      category: string;
      description?: string | null;
      name: string;
      price: number;
      /** Format: int32 */
      quantity: number;
    };
    Problem: {
      detail?: string;
      errors?: components['schemas']['FieldError'][];
      instance?: string;
      status: number;
      title: string;
      trace_id?: string;
      type: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  list_items: {
    parameters: {
      query?: {
        category?: string;
        cursor?: string;
        include_total?: boolean;
        limit?: number;
        max_price?: number;
        min_price?: number;
        q?: string;
        sort?:
          | 'id'
          | '-id'
          | 'name'
          | '-name'
          | 'price'
          | '-price'
          | 'quantity'
          | '-quantity'
          | 'created_at'
          | '-created_at';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemPage'];
        };
      };
      /** @description Invalid */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  create_item: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ItemCreate'];
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      /** @description Invalid */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  read_item: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      /** @description x */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replace_item: {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ItemReplace'];
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      /** @description x */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_item: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description x */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patch_item: {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ItemPatch'];
        'application/merge-patch+json': components['schemas']['ItemPatch'];
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      /** @description x */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description x */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description x */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}

/** Generated from services/api/openapi.json by `npm run generate:types`; do not edit. */
export interface paths {
  '/v1/faults': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the faults that are set */
    get: operations['list_faults'];
    /** Set the faults of a route */
    put: operations['set_faults'];
    post?: never;
    /** Remove the faults of a route, or all */
    delete: operations['clear_faults'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/items': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List items, a page at a time */
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
  '/v1/items.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Export items as CSV, any number */
    get: operations['export_items'];
    put?: never;
    post?: never;
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
    /** Read one item */
    get: operations['read_item'];
    /** Replace an item */
    put: operations['replace_item'];
    post?: never;
    /** Delete an item */
    delete: operations['delete_item'];
    options?: never;
    head?: never;
    /** Change parts of an item (JSON Merge Patch) */
    patch: operations['patch_item'];
    trace?: never;
  };
  '/v1/items/bulk': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Create up to 1,000 items, all or none */
    post: operations['create_items'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/items/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Follow changes as they happen (Server-Sent Events) */
    get: operations['stream_item_events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/items/import': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Import up to 100,000 items from a CSV file, all or none */
    post: operations['import_items'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/items/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Statistics of all items */
    get: operations['read_item_stats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    ActiveFaults: {
      crash: boolean;
      error: components['schemas']['ErrorFault'] | null;
      /** Format: date-time */
      expires_at: string;
      full_pool: boolean;
      latency: components['schemas']['LatencyFault'] | null;
      /** Format: int64 */
      leaked_bytes: number;
      memory_leak: components['schemas']['MemoryLeakFault'] | null;
      route: string;
      /** Format: int32 */
      slow_query_ms: number | null;
    };
    CategoryStats: {
      category: string;
      /** Format: int64 */
      items: number;
      /** Format: int64 */
      quantity: number;
      /** Format: decimal */
      value: number;
    };
    DayStats: {
      day: string;
      /** Format: int64 */
      items: number;
    };
    ErrorFault: {
      /** Format: double */
      ratio: number;
      /**
       * Format: int32
       * @default 500
       * @enum {integer}
       */
      status: 429 | 500 | 503;
    };
    FaultList: {
      faults: components['schemas']['ActiveFaults'][];
    };
    /**
     * @example {
     *       "route": "/v1/items/{id}",
     *       "expires_in_seconds": 120,
     *       "latency": {
     *         "fixed_ms": 300,
     *         "jitter_ms": 200
     *       },
     *       "error": {
     *         "ratio": 0.1,
     *         "status": 503
     *       }
     *     }
     */
    FaultSet: {
      /** @default false */
      crash: boolean;
      error?: components['schemas']['ErrorFault'] | null;
      /**
       * Format: int32
       * @default 60
       */
      expires_in_seconds: number;
      /** @default false */
      full_pool: boolean;
      latency?: components['schemas']['LatencyFault'] | null;
      memory_leak?: components['schemas']['MemoryLeakFault'] | null;
      route: string;
      /** Format: int32 */
      slow_query_ms?: number | null;
    };
    FieldError: {
      code: string;
      in: string;
      message: string;
      pointer: string;
    };
    ItemBulk: {
      items: components['schemas']['ItemRead'][];
    };
    ItemBulkCreate: {
      items: components['schemas']['ItemCreate'][];
    };
    /**
     * @example {
     *       "name": "Desk lamp",
     *       "description": "Brass, with a linen shade.",
     *       "category": "home",
     *       "price": 39.9,
     *       "quantity": 12
     *     }
     */
    ItemCreate: {
      category: string;
      description?: string | null;
      name: string;
      /** Format: decimal */
      price: number;
      /** Format: int32 */
      quantity: number;
    };
    ItemEvent: {
      item: components['schemas']['ItemRead'] | null;
      /** @enum {string} */
      kind: 'created' | 'updated' | 'deleted' | 'reset';
      /** Format: date-time */
      occurred_at: string | null;
    };
    /**
     * @example {
     *       "rows": 2,
     *       "created": 2
     *     }
     */
    ItemImport: {
      /** Format: int64 */
      created: number;
      /** Format: int64 */
      rows: number;
    };
    ItemPage: {
      items: components['schemas']['ItemRead'][];
      /** @description Opaque: the next_cursor of another page in the same order. */
      next_cursor: string | null;
      /** Format: int64 */
      total?: number;
    };
    /**
     * @example {
     *       "price": 34.5,
     *       "description": null
     *     }
     */
    ItemPatch: {
      category?: string;
      description?: string | null;
      name?: string;
      /** Format: decimal */
      price?: number;
      /** Format: int32 */
      quantity?: number;
    };
    /**
     * @example {
     *       "id": 17,
     *       "name": "Desk lamp",
     *       "description": "Brass, with a linen shade.",
     *       "category": "home",
     *       "price": 39.9,
     *       "quantity": 12,
     *       "created_at": "2026-01-31T12:00:00.000000Z",
     *       "updated_at": "2026-02-01T08:30:00.250000Z"
     *     }
     */
    ItemRead: {
      category: string;
      /** Format: date-time */
      created_at: string;
      description: string | null;
      /** Format: int64 */
      id: number;
      name: string;
      /** Format: decimal */
      price: number;
      /** Format: int32 */
      quantity: number;
      /** Format: date-time */
      updated_at: string;
    };
    ItemStats: {
      categories: components['schemas']['CategoryStats'][];
      days: components['schemas']['DayStats'][];
      other_categories: components['schemas']['ItemTotals'];
      prices: components['schemas']['PriceStats'][];
      total: components['schemas']['ItemTotals'];
    };
    ItemTotals: {
      /** Format: int64 */
      items: number;
      /** Format: int64 */
      quantity: number;
      /** Format: decimal */
      value: number;
    };
    ItemUpload: {
      /** Format: binary */
      file: string;
    };
    LatencyFault: {
      /**
       * Format: int32
       * @default 0
       */
      fixed_ms: number;
      /**
       * Format: int32
       * @default 0
       */
      jitter_ms: number;
    };
    MemoryLeakFault: {
      /** Format: int32 */
      bytes_per_request: number;
      /**
       * Format: int32
       * @default 67108864
       */
      max_bytes: number;
    };
    PriceStats: {
      /** Format: decimal */
      high: number | null;
      /** Format: int64 */
      items: number;
      /** Format: decimal */
      low: number;
      /** Format: int64 */
      quantity: number;
      /** Format: decimal */
      value: number;
    };
    Problem: {
      detail: string;
      errors?: components['schemas']['FieldError'][];
      instance: string;
      /** Format: int32 */
      status: number;
      title: string;
      trace_id: string;
      type: string;
    };
  };
  responses: {
    /** @description Bad Request */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Content Too Large */
    ContentTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Gateway Timeout */
    GatewayTimeout: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Internal Server Error */
    InternalServerError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Not Acceptable */
    NotAcceptable: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Not Found */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Precondition Failed */
    PreconditionFailed: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Service Unavailable */
    ServiceUnavailable: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Too Many Requests */
    TooManyRequests: {
      headers: {
        /** @description Seconds until the next request is served */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Unprocessable Content */
    UnprocessableContent: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Unsupported Media Type */
    UnsupportedMediaType: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
  };
  parameters: {
    'Idempotency-Key': string;
    'If-Match': string;
    'If-None-Match': string;
    'Last-Event-ID': string;
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  list_faults: {
    parameters: {
      query?: never;
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
          'application/json': components['schemas']['FaultList'];
        };
      };
      406: components['responses']['NotAcceptable'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  set_faults: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['FaultSet'];
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FaultList'];
        };
      };
      400: components['responses']['BadRequest'];
      404: components['responses']['NotFound'];
      406: components['responses']['NotAcceptable'];
      413: components['responses']['ContentTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['UnprocessableContent'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  clear_faults: {
    parameters: {
      query?: {
        route?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['BadRequest'];
      406: components['responses']['NotAcceptable'];
      422: components['responses']['UnprocessableContent'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
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
      400: components['responses']['BadRequest'];
      406: components['responses']['NotAcceptable'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  create_item: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: components['parameters']['Idempotency-Key'];
      };
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
          /** @description Names this version of the resource, for If-Match */
          ETag?: string;
          /** @description Where the new resource is */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      400: components['responses']['BadRequest'];
      406: components['responses']['NotAcceptable'];
      413: components['responses']['ContentTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  export_items: {
    parameters: {
      query?: {
        category?: string;
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
          'text/csv': string;
        };
      };
      400: components['responses']['BadRequest'];
      406: components['responses']['NotAcceptable'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  read_item: {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: components['parameters']['If-Match'];
        'If-None-Match'?: components['parameters']['If-None-Match'];
      };
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
          /** @description Names this version of the resource, for If-Match */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      /** @description Not Modified */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['BadRequest'];
      404: components['responses']['NotFound'];
      406: components['responses']['NotAcceptable'];
      412: components['responses']['PreconditionFailed'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  replace_item: {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
        'If-None-Match'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ItemCreate'];
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          /** @description Names this version of the resource, for If-Match */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      400: components['responses']['BadRequest'];
      404: components['responses']['NotFound'];
      406: components['responses']['NotAcceptable'];
      412: components['responses']['PreconditionFailed'];
      413: components['responses']['ContentTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  delete_item: {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
        'If-None-Match'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['BadRequest'];
      404: components['responses']['NotFound'];
      406: components['responses']['NotAcceptable'];
      412: components['responses']['PreconditionFailed'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  patch_item: {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
        'If-None-Match'?: string;
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
          /** @description Names this version of the resource, for If-Match */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemRead'];
        };
      };
      400: components['responses']['BadRequest'];
      404: components['responses']['NotFound'];
      406: components['responses']['NotAcceptable'];
      412: components['responses']['PreconditionFailed'];
      413: components['responses']['ContentTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  create_items: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: components['parameters']['Idempotency-Key'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ItemBulkCreate'];
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemBulk'];
        };
      };
      400: components['responses']['BadRequest'];
      406: components['responses']['NotAcceptable'];
      413: components['responses']['ContentTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  stream_item_events: {
    parameters: {
      query?: never;
      header?: {
        'Last-Event-ID'?: components['parameters']['Last-Event-ID'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A stream of Server-Sent Events */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': {
            data: string;
            event?: string;
            id?: string;
            retry?: number;
          }[];
        };
      };
      400: components['responses']['BadRequest'];
      406: components['responses']['NotAcceptable'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  import_items: {
    parameters: {
      query?: {
        dry_run?: boolean;
      };
      header?: {
        'Idempotency-Key'?: components['parameters']['Idempotency-Key'];
      };
      path?: never;
      cookie?: never;
    };
    /** @description At most 51200000 bytes. */
    requestBody: {
      content: {
        'multipart/form-data': components['schemas']['ItemUpload'];
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemImport'];
        };
      };
      400: components['responses']['BadRequest'];
      406: components['responses']['NotAcceptable'];
      413: components['responses']['ContentTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['UnprocessableContent'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
  read_item_stats: {
    parameters: {
      query?: never;
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
          'application/json': components['schemas']['ItemStats'];
        };
      };
      406: components['responses']['NotAcceptable'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalServerError'];
      503: components['responses']['ServiceUnavailable'];
      504: components['responses']['GatewayTimeout'];
    };
  };
}

/**
 * An API in memory that answers as design and OpenAPI document say, on the level of HTTP: the
 * tests go through the real client, so that headers, statuses and JSON are part of what they test.
 */
import { http, HttpResponse, type DefaultBodyType } from 'msw';
import { setupServer } from 'msw/node';

import type { Item, ItemCreate, ItemPatch } from '../services/items';

export const server = setupServer();

const at = (path: string) => `*/api${path}`;

interface Row extends Item {
  version: number;
}

export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: unknown;
}

export function problem(status: number, title: string, extra: Record<string, unknown> = {}) {
  const body = { type: 'about:blank', title, status, detail: title, ...extra };
  return HttpResponse.json<DefaultBodyType>(body, {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}

/** Traefik's answer while the service behind it is down. */
export function gatewayDown() {
  return new HttpResponse('no available server', { status: 503 });
}

export function anItem(id: number, fields: Partial<Item> = {}): Item {
  const time = '2026-01-31T12:00:00Z';
  return {
    id,
    name: `Item ${id}`,
    description: null,
    category: 'Home',
    price: 9.99,
    quantity: 3,
    created_at: time,
    updated_at: time,
    ...fields,
  };
}

/** Installs the API with these items, and gives the test its hands on it. */
export function startFakeApi(items: Item[] = []) {
  const rows = new Map<number, Row>(items.map((item) => [item.id, { ...item, version: 1 }]));
  const seen: Seen[] = [];
  let down = false;

  const etag = (row: Row) => `"${row.version}"`;
  const answer = ({ version, ...item }: Row, status = 200) =>
    HttpResponse.json<DefaultBodyType>(item, { status, headers: { ETag: `"${version}"` } });
  const rowOf = (id: unknown) => rows.get(Number(id));

  const created = new Map<string, Row>();
  async function create(request: Request) {
    const key = request.headers.get('Idempotency-Key');
    const known = key === null ? undefined : created.get(key);
    if (known !== undefined) return known;
    const body = (await request.json()) as ItemCreate;
    const id = Math.max(0, ...rows.keys()) + 1;
    const row = { ...anItem(id), ...body, version: 1 };
    rows.set(id, row);
    if (key !== null) created.set(key, row);
    return row;
  }

  async function record(request: Request) {
    const text = await request.clone().text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    seen.push({
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      body,
    });
  }

  server.use(
    http.all(at('/*'), async ({ request }) => {
      await record(request);
      // Falls through to the handlers below while the service is up.
      return down ? gatewayDown() : undefined;
    }),
    http.get(at('/ready'), () => HttpResponse.json({ status: 'ready' })),
    http.get(at('/v1/items'), ({ request }) => {
      const query = new URL(request.url).searchParams;
      const q = query.get('q')?.toLowerCase() ?? '';
      const found = [...rows.values()].filter((row) => row.name.toLowerCase().includes(q));
      const limit = Number(query.get('limit') ?? 20);
      const start = Number(query.get('cursor') ?? 0);
      const end = start + limit;
      return HttpResponse.json({
        items: found.slice(start, end).map(({ version, ...item }) => item),
        next_cursor: end < found.length ? String(end) : null,
        ...(query.get('include_total') === 'true' && { total: found.length }),
      });
    }),
    http.post(at('/v1/items'), async ({ request }) => answer(await create(request), 201)),
    http.get(at('/v1/items/:id'), ({ params }) => {
      const row = rowOf(params['id']);
      return row ? answer(row) : problem(404, 'No such item');
    }),
    http.patch(at('/v1/items/:id'), async ({ params, request }) => {
      const row = rowOf(params['id']);
      if (row === undefined) return problem(404, 'No such item');
      if (request.headers.get('If-Match') !== etag(row)) return problem(412, 'Changed meanwhile');
      Object.assign(row, (await request.json()) as ItemPatch);
      row.version += 1;
      return answer(row);
    }),
    http.delete(at('/v1/items/:id'), ({ params }) =>
      rows.delete(Number(params['id']))
        ? new HttpResponse(null, { status: 204 })
        : problem(404, 'No such item'),
    ),
  );

  return {
    /** The requests so far, oldest first. */
    seen,
    requests: (method: string) => seen.filter((request) => request.method === method),
    lists: () => seen.filter(({ url }) => url.pathname.endsWith('/v1/items')),
    items: () => [...rows.values()],
    goDown: () => (down = true),
    comeBack: () => (down = false),
    /** Somebody else changes an item. */
    changeElsewhere(id: number, fields: Partial<Item>) {
      const row = rowOf(id);
      if (row === undefined) throw new Error(`The fake API has no item ${id}`);
      Object.assign(row, fields, { version: row.version + 1 });
    },
    /** The next creation succeeds, but its answer is lost. */
    loseNextAnswer() {
      server.use(
        http.post(
          at('/v1/items'),
          async ({ request }) => {
            await record(request);
            await create(request);
            return gatewayDown();
          },
          { once: true },
        ),
      );
    },
    /** The next creation is refused with these field errors. */
    refuseNextCreate(errors: { pointer: string; code: string; message: string }[]) {
      server.use(
        http.post(
          at('/v1/items'),
          async ({ request }) => {
            await record(request);
            return problem(422, 'Unprocessable Content', {
              errors: errors.map((error) => ({ in: 'body', ...error })),
            });
          },
          { once: true },
        ),
      );
    },
  };
}

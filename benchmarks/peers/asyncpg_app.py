"""Peer: FastAPI on a plain asyncpg pool, with hand-written SQL."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import asyncpg
from fastapi import FastAPI, HTTPException, Path, Query, Request, Response

from schemas import Category, ItemCreate, ItemPage, ItemRead, decode_cursor, encode_cursor

COLUMNS = "id, name, description, category, price, quantity, created_at, updated_at"
FIND = f"select {COLUMNS} from items where id = $1"
LIST = f"select {COLUMNS} from items where id > $1 order by id limit $2"
LIST_CATEGORY = f"select {COLUMNS} from items where category = $3 and id > $1 order by id limit $2"
ADD = f"""insert into items (name, description, category, price, quantity)
          values ($1, $2, $3, $4, $5) returning {COLUMNS}"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    size = int(os.environ["POOL_SIZE"])
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=size, max_size=size) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/ready")
async def ready(request: Request) -> dict[str, str]:
    await request.app.state.pool.fetchval("select 1")
    return {"status": "ok"}


@app.get("/v1/items/{item_id}")
async def read_item(item_id: Annotated[int, Path(ge=1)], request: Request) -> ItemRead:
    row = await request.app.state.pool.fetchrow(FIND, item_id)
    if row is None:
        raise HTTPException(404, "No such item")
    return ItemRead(**row)


@app.get("/v1/items")
async def list_items(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: str | None = None,
    category: Category | None = None,
) -> ItemPage:
    pool, after = request.app.state.pool, decode_cursor(cursor)
    if category is None:
        rows = await pool.fetch(LIST, after, limit + 1)
    else:
        rows = await pool.fetch(LIST_CATEGORY, after, limit + 1, category)
    page = [ItemRead(**row) for row in rows[:limit]]
    return ItemPage(items=page, next_cursor=encode_cursor(page[-1].id) if len(rows) > limit else None)


@app.post("/v1/items", status_code=201)
async def create_item(item: ItemCreate, request: Request, response: Response) -> ItemRead:
    row = await request.app.state.pool.fetchrow(
        ADD, item.name, item.description, item.category, item.price, item.quantity
    )
    response.headers["Location"] = f"/v1/items/{row['id']}"
    return ItemRead(**row)

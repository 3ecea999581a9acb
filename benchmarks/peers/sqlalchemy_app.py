"""Peer: FastAPI with SQLAlchemy 2 (async) on asyncpg, written as in both manuals."""

import os
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Response
from sqlalchemy import BigInteger, Identity, Numeric, func, select, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schemas import Category, ItemCreate, ItemPage, ItemRead, decode_cursor, encode_cursor


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    # The insert returns the generated values, so no second read is needed.
    __mapper_args__ = {"eager_defaults": True}

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    category: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    quantity: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default=func.now())


engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=int(os.environ["POOL_SIZE"]),
    max_overflow=0,
)
# The manual's advice for asyncio: objects stay readable after the commit.
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/ready")
async def ready(session: Session) -> dict[str, str]:
    await session.execute(text("select 1"))
    return {"status": "ok"}


@app.get("/v1/items/{item_id}", response_model=ItemRead)
async def read_item(item_id: Annotated[int, Path(ge=1)], session: Session) -> Item:
    item = await session.get(Item, item_id)
    if item is None:
        raise HTTPException(404, "No such item")
    return item


@app.get("/v1/items")
async def list_items(
    session: Session,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: str | None = None,
    category: Category | None = None,
) -> ItemPage:
    query = select(Item).where(Item.id > decode_cursor(cursor)).order_by(Item.id).limit(limit + 1)
    if category is not None:
        query = query.where(Item.category == category)
    found = (await session.scalars(query)).all()
    page = [ItemRead.model_validate(item) for item in found[:limit]]
    return ItemPage(items=page, next_cursor=encode_cursor(page[-1].id) if len(found) > limit else None)


@app.post("/v1/items", status_code=201, response_model=ItemRead)
async def create_item(item: ItemCreate, session: Session, response: Response) -> Item:
    row = Item(**item.model_dump())
    session.add(row)
    await session.commit()
    response.headers["Location"] = f"/v1/items/{row.id}"
    return row

"""The items of the API as pydantic models: the constraints of services/api/app/schemas/item.hpp."""

import base64
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Category = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Price = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Quantity = Annotated[int, Field(ge=0, le=2_147_483_647)]
# The API answers prices as numbers; pydantic would write strings.
PriceRead = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class ItemCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Description | None = None
    category: Category
    price: Price
    quantity: Quantity


class ItemRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    description: str | None
    category: str
    price: PriceRead
    quantity: int
    created_at: datetime
    updated_at: datetime


class ItemPage(BaseModel):
    items: list[ItemRead]
    next_cursor: str | None


def encode_cursor(item_id: int) -> str:
    return base64.urlsafe_b64encode(str(item_id).encode()).decode()


def decode_cursor(cursor: str | None) -> int:
    """The id after which the page starts; ValueError if the cursor is invalid."""
    return int(base64.urlsafe_b64decode(cursor)) if cursor else 0

"""Checks before the measurements: all servers give the same answers, and all of them validate."""

import json
from datetime import datetime
from decimal import Decimal

from .contenders import Server

_NEW = {"name": " Agreed ", "description": None, "category": "category-2", "price": 12.3, "quantity": 4}
_INVALID = {"name": "", "category": "category-2", "price": -1, "quantity": 4}


class Disagreement(Exception):
    """A server's answer differs from the others', so its speed would mean nothing."""


def canonical(body: bytes) -> object:
    """An answer as comparable values: exact numbers, times as instants, a cursor only as present or not."""

    def convert(value: object) -> object:
        if isinstance(value, list):
            return [convert(element) for element in value]
        if not isinstance(value, dict):
            return value
        converted: dict[str, object] = {}
        for name, member in value.items():
            if name in ("created_at", "updated_at"):
                converted[name] = datetime.fromisoformat(member)
            elif name == "next_cursor":
                converted[name] = member is not None
            else:
                converted[name] = convert(member)
        return converted

    return convert(json.loads(body, parse_float=Decimal, parse_int=Decimal))


def _same(servers: list[Server], path: str) -> None:
    expected: object = None
    for server in servers:
        status, body = server.get(path)
        if status != 200:
            raise Disagreement(f"{server.name} answers {status} to GET {path}")
        answer = canonical(body)
        if expected is None:
            expected = answer
        elif answer != expected:
            raise Disagreement(f"GET {path}\n{servers[0].name}: {expected}\n{server.name}: {answer}")


def check(servers: list[Server], rows: int) -> int:
    """The number of answers that were compared. Creates one item with each server."""
    paths = [f"/v1/items/{item}" for item in (1, 2, 10, 77, rows // 2, rows)]
    paths += [f"/v1/items?limit=20&category=category-{category}" for category in range(1, 21)]
    for path in paths:
        _same(servers, path)
    for server in servers:
        status, _ = server.get(f"/v1/items/{2**40}")
        if status != 404:
            raise Disagreement(f"{server.name} answers {status} for an item that does not exist")
        status, _ = server.get("/v1/items", "POST", json.dumps(_INVALID))
        if status != 422:
            raise Disagreement(f"{server.name} answers {status} to an item that is not valid")
        status, body = server.get("/v1/items", "POST", json.dumps(_NEW))
        if status != 201:
            raise Disagreement(f"{server.name} answers {status} to a new item")
        made = json.loads(body)
        wanted = {**_NEW, "name": "Agreed"}
        if {name: made.get(name) for name in wanted} != wanted:
            raise Disagreement(f"{server.name} made another item: {made}")
        _same(servers, f"/v1/items/{made['id']}")
    return len(paths) + 4 * len(servers)

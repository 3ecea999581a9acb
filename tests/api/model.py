"""The model of the API: items in memory, which behave as its documentation says."""
from dataclasses import dataclass, field
from decimal import Decimal

# Lower bounds of the price histogram (services/api/migrations/0003_create_item_stats.sql).
PRICE_RANGES = [Decimal(low) for low in (0, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)]


@dataclass
class Stored:
    item: dict  # as the API answers with it
    etag: str
    earlier_etags: list[str] = field(default_factory=list)


@dataclass
class Model:
    items: dict[int, Stored] = field(default_factory=dict)
    # Idempotency keys, with the request and the answer of each.
    answers: dict[str, tuple[object, object]] = field(default_factory=dict)
    # The expected events of GET /v1/items/events, in order: kind and item.
    events: list[tuple[str, dict]] = field(default_factory=list)

    def created(self, item: dict, etag: str) -> None:
        self.items[item["id"]] = Stored(item, etag)
        self.events.append(("created", item))

    def updated(self, item: dict, etag: str) -> None:
        stored = self.items[item["id"]]
        if item == stored.item:
            return  # an empty change: no new version, no event
        stored.earlier_etags.append(stored.etag)
        stored.item, stored.etag = item, etag
        self.events.append(("updated", item))

    def deleted(self, item_id: int) -> None:
        self.events.append(("deleted", self.items.pop(item_id).item))

    def select(self, sort: str, **filters) -> list[dict]:
        """All pages of GET /v1/items, one after the other."""
        column, descending = sort.removeprefix("-"), sort.startswith("-")
        found = [stored.item for stored in self.items.values() if _matches(stored.item, **filters)]
        return sorted(found, key=lambda item: (item[column], item["id"]), reverse=descending)

    def stats(self) -> dict:
        """GET /v1/items/stats, for up to 50 categories."""
        items = [stored.item for stored in self.items.values()]
        days = sorted({item["created_at"][:10] for item in items})
        categories = [
            {"category": name, **_totals(item for item in items if item["category"] == name)}
            for name in {item["category"] for item in items}
        ]
        highs = [*PRICE_RANGES[1:], None]
        return {
            "total": _totals(items),
            "categories": sorted(categories, key=lambda each: (-each["items"], each["category"])),
            "other_categories": _totals([]),
            "prices": [
                {"low": low, "high": high, **_totals(
                    item for item in items
                    if low <= item["price"] and (high is None or item["price"] < high)
                )}
                for low, high in zip(PRICE_RANGES, highs, strict=True)
            ],
            "days": [
                {"day": day, "items": sum(item["created_at"].startswith(day) for item in items)}
                for day in days
            ],
        }


def _matches(item: dict, q=None, category=None, min_price=None, max_price=None) -> bool:
    texts = (item["name"], item["description"] or "")
    return (
        (q is None or any(q.lower() in text.lower() for text in texts))
        and (category is None or item["category"] == category)
        and (min_price is None or item["price"] >= min_price)
        and (max_price is None or item["price"] <= max_price)
    )


def _totals(items) -> dict:
    items = list(items)
    return {
        "items": len(items),
        "quantity": sum(item["quantity"] for item in items),
        "value": sum((item["price"] * item["quantity"] for item in items), Decimal(0)),
    }

"""Random sequences of reads and writes through the API agree with the model.

Hypothesis makes up the sequences, and shortens one that fails to the least that still does:
https://hypothesis.readthedocs.io/en/latest/stateful.html. The API must have no other clients.
"""
import itertools
import os
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule,
)

import client
from client import ITEMS, EventStream, call, read
from model import PRICE_RANGES, Model

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "60"))
STEPS = 40

texts = st.text(alphabet="abAB%_\\'\"<ñ€😀 ", min_size=1, max_size=12).filter(str.strip).map(str.strip)
categories = st.sampled_from(["Lamps", "lamps", "Ñandú", "It's"])
prices = st.sampled_from(PRICE_RANGES) | st.decimals(0, 20_000, places=2)
members = {
    "name": texts,
    "description": st.none() | texts,
    "category": categories,
    "price": prices.map(lambda price: price.quantize(Decimal("0.01"))),
    "quantity": st.integers(0, 1000),
}
optional = {"description": members["description"]}
required = {name: values for name, values in members.items() if name not in optional}
new_items = st.fixed_dictionaries(required, optional=optional)
patches = st.fixed_dictionaries({}, optional=members)
keys = st.none() | st.integers(0, 2)
# The version in a change's precondition.
preconditions = st.sampled_from(["none", "current", "any", "earlier", "foreign", "not current"])
sorts = st.sampled_from(["id", "name", "price", "quantity", "created_at"]).flatmap(
    lambda column: st.sampled_from([column, f"-{column}"]))
filters = st.fixed_dictionaries({}, optional={
    "q": texts, "category": categories, "min_price": members["price"], "max_price": members["price"],
}).filter(lambda each: each.get("min_price", 0) <= each.get("max_price", Decimal("Infinity")))

runs = itertools.count()


def stored_form(sent: dict) -> dict:
    return {"description": None} | sent


def without(item: dict, *names: str) -> dict:
    return {name: value for name, value in item.items() if name not in names}


class Items(RuleBasedStateMachine):
    ids = Bundle("ids")
    gone = Bundle("gone")

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        # For idempotency keys that no other sequence uses.
        self.prefix = f"{time.time_ns()}-{next(runs)}"
        stream = EventStream()
        self.first_event_id, event = stream.next()
        stream.close()
        assert event["kind"] == "reset"

    def headers_for(self, key: int | None) -> dict:
        return {} if key is None else {"Idempotency-Key": f"{self.prefix}-{key}"}

    def is_repetition(self, key: int | None, request, reply) -> bool:
        """True if the key was used before; then also checks the answer."""
        if key not in self.model.answers:
            return False
        first_request, first_answer = self.model.answers[key]
        if request == first_request:
            assert reply.status_code == 201
            assert read(reply) == first_answer
        else:
            assert reply.status_code == 422
        return True

    def remember(self, key: int | None, request, answer) -> None:
        if key is not None:
            self.model.answers[key] = (request, answer)

    @rule(target=ids, item=new_items, key=keys)
    def create(self, item, key):
        reply = call("POST", ITEMS, body=item, headers=self.headers_for(key))
        if self.is_repetition(key, item, reply):
            return multiple()
        assert reply.status_code == 201, reply.text
        created = read(reply)
        assert without(created, "id", "created_at", "updated_at") == stored_form(item)
        assert created["id"] not in self.model.items
        assert reply.headers["Location"] == f"/v1/items/{created['id']}"
        self.model.created(created, reply.headers["ETag"])
        self.remember(key, item, created)
        return created["id"]

    @rule(target=ids, items=st.lists(new_items, min_size=1, max_size=4), key=keys)
    def create_in_bulk(self, items, key):
        body = {"items": items}
        reply = call("POST", f"{ITEMS}/bulk", body=body, headers=self.headers_for(key))
        if self.is_repetition(key, body, reply):
            return multiple()
        assert reply.status_code == 201, reply.text
        answer = read(reply)
        assert [without(item, "id", "created_at", "updated_at") for item in answer["items"]] == [
            stored_form(item) for item in items]
        for item in answer["items"]:
            etag = call("GET", f"{ITEMS}/{item['id']}").headers["ETag"]
            self.model.created(item, etag)
        self.remember(key, body, answer)
        return multiple(*(item["id"] for item in answer["items"]))

    @rule(items=st.lists(new_items, min_size=1, max_size=3), place=st.integers(0, 3))
    def create_none_of_them(self, items, place):
        place %= len(items)
        items = [*items[:place], items[place] | {"price": -1}, *items[place + 1:]]
        reply = call("POST", f"{ITEMS}/bulk", body={"items": items})
        assert reply.status_code == 422
        assert [error["pointer"] for error in read(reply)["errors"]] == [f"/items/{place}/price"]

    def change(self, method, item_id, precondition, body=None):
        """Sends a change; None if the API correctly refused it."""
        stored = self.model.items[item_id]
        allowed, headers = {
            "none": (True, {}),
            "current": (True, {"If-Match": f'"0", {stored.etag}'}),
            "any": (True, {"If-Match": "*"}),
            "earlier": (False, {"If-Match": ", ".join(stored.earlier_etags[-9:]) or '"0"'}),
            "foreign": (False, {"If-Match": '"not-ours"'}),
            "not current": (False, {"If-None-Match": stored.etag}),
        }[precondition]
        reply = call(method, f"{ITEMS}/{item_id}", body=body, headers=headers)
        if allowed:
            return reply
        assert reply.status_code == 412, reply.text
        return None

    def check_update(self, reply, item_id, expected) -> None:
        assert reply.status_code == 200, reply.text
        before, after = self.model.items[item_id].item, read(reply)
        assert without(after, "updated_at") == without(before, "updated_at") | expected
        assert after["updated_at"] >= before["updated_at"]
        self.model.updated(after, reply.headers["ETag"])

    @rule(item_id=ids, item=new_items, precondition=preconditions)
    def replace(self, item_id, item, precondition):
        earlier = self.model.items[item_id].etag
        reply = self.change("PUT", item_id, precondition, item)
        if reply is not None:
            self.check_update(reply, item_id, stored_form(item))
            assert reply.headers["ETag"] != earlier

    @rule(item_id=ids, patch=patches, precondition=preconditions)
    def patch(self, item_id, patch, precondition):
        earlier = self.model.items[item_id].etag
        reply = self.change("PATCH", item_id, precondition, patch)
        if reply is not None:
            self.check_update(reply, item_id, patch)
            assert (reply.headers["ETag"] == earlier) == (not patch)

    @rule(target=gone, item_id=consumes(ids))
    def delete(self, item_id):
        reply = self.change("DELETE", item_id, "current")
        assert reply.status_code == 204
        self.model.deleted(item_id)
        return item_id

    @rule(item_id=ids, precondition=st.sampled_from(["earlier", "foreign", "not current"]))
    def delete_another_version(self, item_id, precondition):
        self.change("DELETE", item_id, precondition)

    @rule(item_id=ids)
    def read_one(self, item_id):
        stored = self.model.items[item_id]
        reply = call("GET", f"{ITEMS}/{item_id}")
        assert (reply.status_code, read(reply)) == (200, stored.item)
        assert reply.headers["ETag"] == stored.etag
        reply = call("GET", f"{ITEMS}/{item_id}", headers={"If-None-Match": stored.etag})
        assert (reply.status_code, reply.text) == (304, "")

    @rule(item_id=gone, method=st.sampled_from(["GET", "PUT", "PATCH", "DELETE"]), item=new_items)
    def ask_for_one_that_is_gone(self, item_id, method, item):
        body = item if method in ("PUT", "PATCH") else None
        assert call(method, f"{ITEMS}/{item_id}", body=body).status_code == 404

    @rule(sort=sorts, limit=st.integers(1, 5), chosen=filters)
    def list(self, sort, limit, chosen):
        expected = self.model.select(sort, **chosen)
        assert [*client.every_page({"sort": sort, "limit": limit} | chosen)] == expected
        page = read(call("GET", ITEMS, params={"include_total": "true", "limit": 1} | chosen))
        assert page["total"] == len(expected)

    @invariant()
    def statistics_are_right(self) -> None:
        reply = call("GET", f"{ITEMS}/stats")
        assert reply.status_code == 200, reply.text
        assert read(reply) == self.model.stats()

    def teardown(self) -> None:
        try:
            self.every_change_was_told()
        finally:
            client.delete_all_items()

    def every_change_was_told(self) -> None:
        stream = EventStream(self.first_event_id)
        told = [stream.next()[1] for _ in self.model.events]
        stream.close()
        assert [(event["kind"], event["item"]) for event in told] == self.model.events


@pytest.fixture(scope="module", autouse=True)
def no_items():
    # At least one event: an empty log has no id to continue from.
    call("POST", ITEMS, body={"name": "a", "category": "b", "price": 0, "quantity": 0})
    client.delete_all_items()


TestItems = Items.TestCase
TestItems.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow])

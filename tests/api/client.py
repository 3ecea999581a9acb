"""The API as these tests call it: JSON with exact decimals, and the stream of events."""
import json
import os
from decimal import Decimal

import requests

API_URL = os.environ.get("API_URL", "http://127.0.0.1:8000")
ITEMS = f"{API_URL}/v1/items"
_session = requests.Session()


def call(method: str, url: str, *, body=None, headers=None, params=None) -> requests.Response:
    """Sends `body` as JSON. A price is a Decimal of two places: its float prints as the same number."""
    text = None if body is None else json.dumps(body, default=float)
    headers = {"Content-Type": "application/json"} | (headers or {})
    return _session.request(method, url, data=text, headers=headers, params=params, timeout=10)


def read(reply: requests.Response):
    """The JSON of an answer, with fractions as exact decimals."""
    return json.loads(reply.text, parse_float=Decimal)


def every_page(params: dict):
    """All items of a list, page after page."""
    while True:
        reply = call("GET", ITEMS, params=params)
        assert reply.status_code == 200, reply.text
        page = read(reply)
        assert len(page["items"]) <= params["limit"]
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        params = params | {"cursor": page["next_cursor"]}


def delete_all_items() -> None:
    for item in list(every_page({"limit": 100})):
        call("DELETE", f"{ITEMS}/{item['id']}")


class EventStream:
    """GET /v1/items/events, after the event `last_id` or from now on."""

    def __init__(self, last_id: str | None = None) -> None:
        headers = {} if last_id is None else {"Last-Event-ID": last_id}
        self._reply = requests.get(f"{ITEMS}/events", headers=headers, stream=True, timeout=10)
        assert self._reply.status_code == 200, self._reply.text
        self._reply.encoding = "utf-8"  # required for every event stream: WHATWG HTML, section 9.2.6
        # One byte at a time: a larger chunk would wait until it is full.
        self._lines = self._reply.iter_lines(chunk_size=1, decode_unicode=True)

    def next(self) -> tuple[str, dict]:
        """The id and the data of the next event."""
        fields = {}
        for line in self._lines:
            if not line and "data" in fields:
                return fields["id"], json.loads(fields["data"], parse_float=Decimal)
            name, _, value = line.partition(": ")
            fields[name] = value
        raise AssertionError("the stream has ended")

    def close(self) -> None:
        self._reply.close()

"""Rules of the API that its OpenAPI document cannot tell schemathesis."""
import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

# Rules that JSON Schema cannot express:
# - an uploaded file is CSV with an item in each row
# - a cursor comes from an earlier page
# - the highest price is not below the lowest
# - an entity tag has quotation marks; the coverage phase of schemathesis leaves them out, so its "valid" If-Match is not
UNSTATED_RULES = {"cursor", "price_range", "entity_tag", "empty", "no_rows"}


def breaks_only_unstated_rules(response: schemathesis.Response) -> bool:
    if response.status_code != 422:
        return False
    problem = response.json()
    errors = problem.get("errors", [])
    if not errors:
        return problem["detail"].startswith("This Idempotency-Key was used for another request.")
    return all(
        error["code"] in UNSTATED_RULES or error["pointer"].startswith("/file/")
        for error in errors
    )


@schemathesis.hook
def filter_failure(_context, failure, _case, response) -> bool:
    """True unless the request broke only rules that the document cannot express."""
    return not (isinstance(failure, RejectedPositiveData) and breaks_only_unstated_rules(response))


@schemathesis.hook
def before_load_schema(_context, document) -> None:
    say_more(document)


def say_more(node) -> None:
    """Puts into the document what OpenAPI 3.1 has no word for, or none that every reader understands.

    - multipleOf beside x-decimal-places: many validators divide in binary floating point, where 0.29
      is no multiple of 0.01. Schemathesis divides exactly.
    - That "  " is too short where white space is taken off first, which x-trimmed says.
    - itemSchema (OpenAPI 3.2) for the events of a stream.
    """
    if isinstance(node, list):
        for child in node:
            say_more(child)
    if not isinstance(node, dict):
        return
    for child in node.values():
        say_more(child)
    places = node.get("x-decimal-places")
    if isinstance(places, int):
        node["multipleOf"] = float(f"1e-{places}")
    if node.get("x-trimmed") and node.get("minLength"):
        node["allOf"] = [{"pattern": r"\S"}]
    stream = node.get("text/event-stream")
    if stream:
        stream["itemSchema"] = stream.pop("schema")["items"]

"""Parses the output of wrk and pgbench. Pure functions: text in, numbers out."""

import re
from dataclasses import dataclass

_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0, "h": 3_600_000.0}


class ParseError(Exception):
    """The text is not the output of a complete run."""


@dataclass(frozen=True)
class Load:
    """The result of one run of a load generator."""

    requests: int
    per_second: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    # Answers of status 400 and above, and connections that failed or timed out.
    errors: int = 0


def _find(pattern: str, text: str) -> re.Match[str]:
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise ParseError(f"no match of {pattern!r} in:\n{text}")
    return match


def milliseconds(text: str) -> float:
    """A duration as wrk writes it: 950.00us, 1.02ms, 2.50s."""
    match = re.fullmatch(r"([\d.]+)(us|ms|s|m|h)", text)
    if match is None:
        raise ParseError(f"not a duration: {text!r}")
    return float(match[1]) * _MILLISECONDS[match[2]]


def parse_wrk(text: str) -> Load:
    """Output of `wrk --latency`. It has lines about errors only if there were errors."""
    errors = 0
    if match := re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text):
        errors += sum(int(count) for count in match.groups())
    if match := re.search(r"Non-2xx or 3xx responses: (\d+)", text):
        errors += int(match[1])
    return Load(
        requests=int(_find(r"^\s*(\d+) requests in ", text)[1]),
        per_second=float(_find(r"^Requests/sec:\s*([\d.]+)", text)[1]),
        p50_ms=milliseconds(_find(r"^\s*50%\s+(\S+)", text)[1]),
        p99_ms=milliseconds(_find(r"^\s*99%\s+(\S+)", text)[1]),
        errors=errors,
    )


def parse_pgbench(text: str) -> Load:
    """Output of pgbench 15; its average latency stands in for the median, which it does not print."""
    failed = re.search(r"^number of failed transactions: (\d+)", text, re.MULTILINE)
    return Load(
        requests=int(_find(r"^number of transactions actually processed: (\d+)", text)[1]),
        per_second=float(_find(r"^tps = ([\d.]+)", text)[1]),
        p50_ms=float(_find(r"^latency average = ([\d.]+) ms", text)[1]),
        errors=int(failed[1]) if failed else 0,
    )

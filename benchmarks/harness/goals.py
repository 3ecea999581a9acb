"""The goals of the project, and whether the results meet them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .stats import Summary, summarise

BUSINESS = ("item", "list", "create")
NAMES = {"health": "health", "item": "one item", "list": "list of 20", "create": "create"}


@dataclass(frozen=True)
class Goal:
    what: str
    wanted: str
    measured: str
    met: bool


class Results:
    """Access to the plain dictionary of results."""

    def __init__(self, results: dict[str, Any]) -> None:
        self.plain = results

    def runs(self, endpoint: str, contender: str, connections: int | None = None) -> list[dict[str, Any]]:
        return [
            run
            for run in self.plain["runs"]
            if run["endpoint"] == endpoint
            and run["contender"] == contender
            and connections in (None, run["connections"])
        ]

    def summary(
        self, endpoint: str, contender: str, metric: str = "per_second", connections: int | None = 64
    ) -> Summary | None:
        return summarise(run[metric] for run in self.runs(endpoint, contender, connections))

    def median(
        self, endpoint: str, contender: str, metric: str, connections: int | None = 64
    ) -> float | None:
        found = self.summary(endpoint, contender, metric, connections)
        return found.median if found else None


def _ratio(numerator: float | None, denominator: float | None) -> float | None:
    return numerator / denominator if numerator is not None and denominator else None


def _throughput(results: Results) -> Iterator[Goal | None]:
    def times(endpoint: str, other: str, least: float, connections: int | None = 64) -> Goal | None:
        found = _ratio(
            results.median(endpoint, "ours", "per_second"),
            results.median(endpoint, other, "per_second", connections),
        )
        if found is None:
            return None
        titles = {"sqlalchemy": "FastAPI + SQLAlchemy", "asyncpg": "FastAPI + asyncpg"}
        title = titles.get(other, "pgbench at its best" if other == "pgbench" else other)
        what = f"{NAMES[endpoint]}, against {title}"
        return Goal(what, f"≥ {least:.1f} times", f"{found:.2f} times", found >= least)

    for endpoint in BUSINESS:
        yield times(endpoint, "sqlalchemy", 20)
        yield times(endpoint, "asyncpg", 5)
    yield times("item", "pgbench", 1, None)
    yield times("health", "nginx", 1)


def _latency(results: Results) -> Iterator[Goal | None]:
    for endpoint in BUSINESS:
        ours = results.median(endpoint, "ours", "p99_ms")
        part = _ratio(results.median(endpoint, "sqlalchemy", "p99_ms"), ours)
        if part is not None:
            what = f"{NAMES[endpoint]}, p99 at 64 connections, against FastAPI + SQLAlchemy"
            yield Goal(what, "≤ 1/10", f"1/{part:.1f}", part >= 10)
        spread = _ratio(ours, results.median(endpoint, "ours", "p50_ms"))
        if spread is not None:
            what = f"{NAMES[endpoint]}, p99 at 64 connections, against its median"
            yield Goal(what, "< 3 times", f"{spread:.2f} times", spread < 3)


def _resources(results: Results) -> Iterator[Goal | None]:
    plain = results.plain
    if memory := plain.get("memory_mb"):
        rss = memory["ours"]["rss"]
        yield Goal("memory (RSS) after the load", "≤ 30 MB", f"{rss:.1f} MB", rss <= 30)
    if starts := summarise(plain.get("startup_ms", {}).get("ours", [])):
        found = f"{starts.median:.0f} ms"
        yield Goal("start to first ready", "≤ 100 ms", found, starts.median <= 100)
    if idle := plain.get("idle_mb"):
        rss = idle["ours"]["rss"]
        yield Goal("1,000 idle connections", "< 20 MB", f"{rss:.1f} MB", rss < 20)


def _growth(results: Results) -> Iterator[Goal | None]:
    for endpoint, name in NAMES.items():
        found = _ratio(
            results.median(endpoint, "ours", "per_second", 256),
            results.median(endpoint, "ours", "per_second", 64),
        )
        if found is not None:
            what = f"{name}, 256 connections against 64"
            yield Goal(what, "≥ 0.90 times", f"{found:.2f} times", found >= 0.9)
    small, large = (results.plain["settings"][name] for name in ("small_rows", "large_rows"))
    found = _ratio(
        results.median(f"rows:{large}", "ours", "per_second"),
        results.median(f"rows:{small}", "ours", "per_second"),
    )
    if found is not None:
        what = f"one item, {large:,} rows against {small:,}"
        if large < 10_000_000:
            what += " (10,000,000 with `--full`)"
        yield Goal(what, "≥ 0.90 times", f"{found:.2f} times", found >= 0.9)


def _endpoints(results: Results) -> Iterator[Goal | None]:
    plain = results.plain
    if stats := plain.get("stats"):
        rows = plain["settings"]["stats_rows"]
        slowest = max(stats["median_ms"], stats["after_write_ms"])
        yield Goal(f"stats of {rows:,} items", "< 50 ms", f"{slowest:.1f} ms", slowest < 50)
    if metrics := plain.get("metrics"):
        found = metrics["median_ms"]
        yield Goal("GET /metrics after the load", "< 5 ms", f"{found:.1f} ms", found < 5)


def goals(results: Results) -> list[Goal]:
    """The measured goals; a partial run measures only some."""
    parts = (_throughput, _latency, _resources, _growth, _endpoints)
    return [goal for part in parts for goal in part(results) if goal]

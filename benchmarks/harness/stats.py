"""Medians and spread of repeated runs."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Summary:
    median: float
    low: float
    high: float
    count: int


def summarise(values: Iterable[float | None]) -> Summary | None:
    """None if there is no value: not every contender has every number."""
    present = [value for value in values if value is not None]
    if not present:
        return None
    return Summary(statistics.median(present), min(present), max(present), len(present))

"""Tests of medians, goals, the page and the plots, with invented results."""

import unittest
import xml.etree.ElementTree
from pathlib import Path
from typing import Any

from harness.agreement import canonical
from harness.goals import Results, goals
from harness.plot import all_plots
from harness.report import render
from harness.stats import Summary, summarise


def run(endpoint: str, contender: str, per_second: float, **more: Any) -> dict[str, Any]:
    return {
        "endpoint": endpoint, "contender": contender, "connections": 64, "requests": 1000,
        "per_second": per_second, "p50_ms": 1.0, "p99_ms": 2.0, "errors": 0, "server_cpu_us": 20.0,
        "postgres_cpu_us": 15.0, "noisy": False, "load_before": 0.0, "others_percent": 0.0,
        "steal_percent": 0.0, **more,
    }  # fmt: skip


def results(*runs: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": "2026-01-01 00:00 UTC", "commit": "abc", "minutes": 1.0, "versions": {"nginx": "1.22"},
        "machine": {"cpu": "2 × CPU", "memory": "24 GiB", "kernel": "Linux 6"},
        "settings": {
            "rounds": 3, "seconds": 4, "warm_up_seconds": 1, "threads": 2, "pool_size": 10, "rows": 100000,
            "small_rows": 10000, "large_rows": 1000000, "stats_rows": 1000000, "postgres": {"a": "b"},
        },
        "runs": list(runs), "pgbench_search": {"item": {"1": 10.0, "2": 19.0}},
    }  # fmt: skip


class Summarise(unittest.TestCase):
    def test_gives_median_and_extremes(self) -> None:
        self.assertEqual(summarise([5, 1, 9]), Summary(5, 1, 9, 3))

    def test_leaves_out_what_was_not_measured(self) -> None:
        self.assertEqual(summarise([None, 4]), Summary(4, 4, 4, 1))
        self.assertIsNone(summarise([None]))


class Goals(unittest.TestCase):
    def test_compare_medians_and_say_what_was_missed(self) -> None:
        plain = results(
            run("item", "ours", 100), run("item", "ours", 210), run("item", "ours", 220),
            run("item", "sqlalchemy", 10, p99_ms=15.0), run("item", "asyncpg", 50),
            run("item", "pgbench", 100, connections=16, p99_ms=None),
        )  # fmt: skip
        found = {goal.what: goal for goal in goals(Results(plain))}
        self.assertTrue(found["one item, against FastAPI + SQLAlchemy"].met)  # 210 / 10
        self.assertFalse(found["one item, against FastAPI + asyncpg"].met)  # 210 / 50
        self.assertTrue(found["one item, against pgbench at its best"].met)
        self.assertFalse(found["one item, p99 at 64 connections, against FastAPI + SQLAlchemy"].met)
        self.assertTrue(found["one item, p99 at 64 connections, against its median"].met)

    def test_that_were_not_measured_are_left_out(self) -> None:
        self.assertEqual(goals(Results(results())), [])


class Page(unittest.TestCase):
    def test_shows_median_spread_and_ratio(self) -> None:
        page = render(results(run("item", "ours", 2000), run("item", "asyncpg", 500)), Path("images"))
        self.assertIn(
            "| FastAPI + asyncpg | 64 | 500 (500 to 500) | 4.00 | 1.00 | 2.00 | 20.0 | 15.0 |", page
        )
        self.assertIn("The machine was quiet", page)

    def test_marks_rows_of_a_busy_machine(self) -> None:
        plain = results(run("item", "ours", 2000, noisy=True, others_percent=40.0))
        page = render(plain, Path("images"))
        self.assertIn("| This API † | 64 |", page)
        self.assertIn("**The machine was not quiet** in 1 of 1 runs", page)


    def test_adds_the_times_of_http_and_database_for_what_is_possible(self) -> None:
        page = render(
            results(
                run("health", "nginx", 1000), run("item", "libpq", 1000, connections=2),
                run("item", "pgbench", 1000, connections=2), run("item", "sqlalchemy", 50),
                run("item", "ours", 400),
            ),
            Path("images"),
        )  # fmt: skip
        self.assertIn("| one item | 1,000 | 1,000 | 500 | 0.50 | 10.00 | 80 % |", page)

    def test_says_nothing_of_what_is_possible_without_the_limits(self) -> None:
        self.assertNotIn("## How far it can go", render(results(run("item", "ours", 400)), Path("images")))


class Plots(unittest.TestCase):
    def test_are_well_formed_and_have_a_bar_for_each_contender(self) -> None:
        plots = all_plots(results(run("item", "ours", 2000), run("item", "asyncpg", 500)))
        for text in plots.values():
            svg = xml.etree.ElementTree.fromstring(text)
            self.assertEqual(len(svg.findall("{http://www.w3.org/2000/svg}rect")), 2)


class Canonical(unittest.TestCase):
    def test_takes_two_spellings_of_a_value_for_the_same(self) -> None:
        first = b'{"price": 9.50, "created_at": "2026-01-01T00:00:00Z", "next_cursor": "a"}'
        second = b'{"created_at": "2026-01-01T00:00:00+00:00", "price": 9.5, "next_cursor": "b"}'
        self.assertEqual(canonical(first), canonical(second))

    def test_tells_values_apart(self) -> None:
        self.assertNotEqual(canonical(b'{"price": 9.5}'), canonical(b'{"price": 9.51}'))
        self.assertNotEqual(canonical(b'{"next_cursor": null}'), canonical(b'{"next_cursor": "b"}'))


if __name__ == "__main__":
    unittest.main()

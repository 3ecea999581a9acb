"""Tests of process trees, their CPU time, and the detection of noise."""

import os
import unittest

from harness.machine import ProcessTime, is_noisy, parse_stat, tree, tree_seconds, upstream_version

TICKS = os.sysconf("SC_CLK_TCK")


class ParseStat(unittest.TestCase):
    def test_reads_a_process_whose_name_looks_like_fields(self) -> None:
        text = f"77 (a) 1 (b) S 5 77 77 0 -1 0 0 0 0 0 {TICKS} {2 * TICKS} {3 * TICKS} 0 20 0 1 0 1 1 1"
        self.assertEqual(parse_stat(text), ProcessTime(parent=5, own=3.0, ended_children=3.0))


class Tree(unittest.TestCase):
    table = {
        1: ProcessTime(0, 100, 0),
        5: ProcessTime(1, 1, 0.5),
        6: ProcessTime(5, 2, 0),
        7: ProcessTime(6, 4, 0),
        8: ProcessTime(1, 50, 0),
    }

    def test_holds_the_process_and_all_descendants(self) -> None:
        self.assertEqual(tree(5, self.table), {5, 6, 7})

    def test_counts_the_time_of_children_that_ended(self) -> None:
        self.assertEqual(tree_seconds(5, self.table), 7.5)

    def test_is_empty_when_the_process_ended(self) -> None:
        self.assertEqual(tree_seconds(99, self.table), 0)


class Kernel(unittest.TestCase):
    def test_is_named_by_its_upstream_version(self) -> None:
        for release in ("6.1.0-28-amd64", "6.1.0", "6.1.0+"):
            self.assertEqual(upstream_version(release), "6.1.0")


class Noise(unittest.TestCase):
    def test_comes_from_other_processes_or_other_guests(self) -> None:
        self.assertFalse(is_noisy({"others_percent": 1.0, "steal_percent": 0.5}))
        self.assertTrue(is_noisy({"others_percent": 9.0, "steal_percent": 0.0}))
        self.assertTrue(is_noisy({"others_percent": 0.0, "steal_percent": 5.0}))


if __name__ == "__main__":
    unittest.main()

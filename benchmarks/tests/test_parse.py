"""Tests of the parsers, with real output of wrk and pgbench."""

import unittest

from harness.parse import ParseError, milliseconds, parse_pgbench, parse_wrk

WRK = """Running 4s test @ http://127.0.0.1:8000
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.02ms    1.11ms  31.42ms   91.05%
    Req/Sec    16.41k     1.02k   18.77k    75.00%
  Latency Distribution
     50%  950.00us
     75%    2.31ms
     90%    2.96ms
     99%    1.05s 
  130681 requests in 4.01s, 55.21MB read
{errors}Requests/sec:  32614.11
Transfer/sec:     13.78MB
"""

PGBENCH = """pgbench (15.20 (Debian 15.20-0+deb12u1), server 16.14)
transaction type: benchmarks/pgbench/item.sql
scaling factor: 1
query mode: prepared
number of clients: 16
number of threads: 2
maximum number of tries: 1
duration: 2 s
number of transactions actually processed: 80912
number of failed transactions: 3 (0.000%)
latency average = 0.394 ms
initial connection time = 31.002 ms
tps = 40611.893311 (without initial connection time)
"""


class ParseWrk(unittest.TestCase):
    def test_reads_rate_and_latencies_in_whatever_unit(self) -> None:
        load = parse_wrk(WRK.format(errors=""))
        self.assertEqual(load.requests, 130681)
        self.assertEqual(load.per_second, 32614.11)
        self.assertAlmostEqual(load.p50_ms or 0, 0.95)
        self.assertAlmostEqual(load.p99_ms or 0, 1050.0)
        self.assertEqual(load.errors, 0)

    def test_adds_up_all_kinds_of_errors(self) -> None:
        errors = "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 100\n"
        self.assertEqual(parse_wrk(WRK.format(errors=errors)).errors, 110)

    def test_refuses_the_output_of_a_run_that_was_cut_off(self) -> None:
        with self.assertRaises(ParseError):
            parse_wrk(WRK[:300])

    def test_refuses_an_unknown_unit(self) -> None:
        with self.assertRaises(ParseError):
            milliseconds("3.00ns")


class ParsePgbench(unittest.TestCase):
    def test_reads_transactions_rate_and_failures(self) -> None:
        load = parse_pgbench(PGBENCH)
        self.assertEqual(load.requests, 80912)
        self.assertEqual(load.per_second, 40611.893311)
        self.assertEqual(load.p50_ms, 0.394)
        self.assertEqual(load.errors, 3)


if __name__ == "__main__":
    unittest.main()

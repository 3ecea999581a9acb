#!/usr/bin/env python3
"""Watches the service level objective of a running platform. Started by scripts/slo-watch.sh, which says how.

Two views: requests of our own through the gateway, as a client sees it, and what Prometheus counted of all
requests, as the service sees it. Either may fail the watch.
"""
from __future__ import annotations

import concurrent.futures
import dataclasses
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

AVAILABILITY = 0.995
LATENCY_SECONDS = 0.25
FAST_ENOUGH = 0.95
# At 14.4 times the rate that the objective allows, a month's errors are used up in two days.
FAST_BURN = 14.4
# Fewer say nothing about 99.5 %.
MINIMUM_REQUESTS = 100
# Half of them ask the API, whose metrics Prometheus is asked for.
PROBES = ("/api/v1/items?limit=1", "/dash/_dash-layout", "/api/v1/items/stats", "/")

LATENCY = "http_server_request_duration_seconds"
SELECTION = 'job="api",route!~"/health|/ready|/metrics"'


@dataclasses.dataclass
class Share:
    """How many of how many were good."""

    good: float = 0
    total: float = 0

    def ratio(self) -> float:
        return self.good / self.total if self.total else 1.0


class Probe:
    """Asks the platform at a steady rate, and notes what came back."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.answered = Share()
        self.fast = Share()
        self.last_failure = ""

    def ask(self, path: str) -> tuple[bool, float, str]:
        start = time.monotonic()
        try:
            with urllib.request.urlopen(self.base_url + path, timeout=10) as reply:
                reply.read()
            return True, time.monotonic() - start, ""
        except urllib.error.HTTPError as error:
            return error.code < 500, time.monotonic() - start, f"{path}: {error.code}"
        except OSError as error:
            return False, time.monotonic() - start, f"{path}: {error}"

    def note(self, outcome: tuple[bool, float, str]) -> None:
        good, seconds, failure = outcome
        self.answered.total += 1
        self.answered.good += good
        self.last_failure = failure or self.last_failure
        if good:
            self.fast.total += 1
            self.fast.good += seconds <= LATENCY_SECONDS


class NoAnswer(Exception):
    """Prometheus cannot be asked, or what answers is none."""


class Prometheus:
    """The counters of all requests, since the watch began."""

    def __init__(self, url: str, token: str, matchers: str) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.selection = f"{SELECTION},{matchers}" if matchers else SELECTION

    def value(self, query: str) -> float:
        data = urllib.parse.urlencode({"query": query}).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/query", data=data)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                result = json.load(reply)["data"]["result"]
            # No series is no request: increase() over nothing yields nothing.
            return float(result[0]["value"][1]) if result else 0.0
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
            raise NoAnswer(f"Prometheus gave no answer: {error!r}") from error

    def increase(self, metric: str, matcher: str, seconds: int) -> float:
        return self.value(f"sum(increase({metric}{{{self.selection}{matcher}}}[{seconds}s]))")

    def shares(self, seconds: int) -> tuple[Share, Share]:
        total = self.increase("http_server_requests_total", "", seconds)
        errors = self.increase("http_server_requests_total", ',status=~"5.."', seconds)
        count = self.increase(f"{LATENCY}_count", "", seconds)
        fast = self.increase(f"{LATENCY}_bucket", f',le="{LATENCY_SECONDS}"', seconds)
        return Share(total - errors, total), Share(fast, count)


def burns_fast(answered: Share) -> bool:
    allowed = FAST_BURN * (1 - AVAILABILITY)
    return answered.total >= 50 and 1 - answered.ratio() > allowed


def complaints(view: str, answered: Share, fast: Share) -> list[str]:
    found = []
    if answered.total < MINIMUM_REQUESTS:
        found.append(f"{view}: only {answered.total:.0f} requests, too few to judge")
    # One bad answer is no trend, however few there were.
    if answered.ratio() < AVAILABILITY and answered.total - answered.good > 1.5:
        found.append(f"{view}: {answered.ratio():.3%} were answered, not {AVAILABILITY:.1%}")
    if fast.ratio() < FAST_ENOUGH:
        found.append(f"{view}: {fast.ratio():.2%} took {LATENCY_SECONDS * 1000:.0f} ms at most, not {FAST_ENOUGH:.0%}")
    return found


def report(view: str, answered: Share, fast: Share) -> None:
    print(f"  {view}: {answered.total:.0f} requests, {answered.ratio():.3%} answered, "
          f"{fast.ratio():.2%} within {LATENCY_SECONDS * 1000:.0f} ms", flush=True)


def watch(probe: Probe, prometheus: Prometheus | None, seconds: int, rate: float, settle: int) -> list[str]:
    start = time.monotonic()
    sent = 0
    next_report = 15.0
    with concurrent.futures.ThreadPoolExecutor(max_workers=32) as pool:
        pending: set[concurrent.futures.Future] = set()
        while (now := time.monotonic() - start) < seconds:
            # Never more at once than there are workers: a platform that hangs is not flooded.
            if sent / rate <= now and len(pending) < 32:
                pending.add(pool.submit(probe.ask, PROBES[sent % len(PROBES)]))
                sent += 1
            else:
                time.sleep(min(0.05, 0.5 / rate))
            for future in [future for future in pending if future.done()]:
                pending.remove(future)
                probe.note(future.result())
            if burns_fast(probe.answered):
                return [f"own requests: only {probe.answered.ratio():.1%} were answered, no need to wait",
                        f"the last that failed: {probe.last_failure}"]
            if now >= next_report:
                next_report += 15
                report("own requests", probe.answered, probe.fast)
        for future in pending:
            probe.note(future.result())
    # How fast is judged by the service's own clock, if there is one to ask: ours includes the way there.
    found = complaints("own requests", probe.answered, Share() if prometheus else probe.fast)
    if found and probe.last_failure:
        found.append(f"the last that failed: {probe.last_failure}")
    if prometheus:
        # It reads the counters every now and then: the last requests reach it only later.
        time.sleep(settle)
        try:
            answered, fast = prometheus.shares(seconds + settle)
        except NoAnswer as error:
            return [*found, str(error),
                    f"look at PROMETHEUS_URL, which is {prometheus.url}, and at PROMETHEUS_TOKEN, which expires"]
        report("Prometheus", answered, fast)
        found += complaints("Prometheus", answered, fast)
    return found


def number(name: str, default: float, least: float, most: float, kind: type = float) -> float:
    """A setting of the environment; ends the program with 2 when it is none."""
    text = os.environ.get(name) or str(default)
    try:
        value = kind(text)
    except ValueError:
        value = least - 1
    if least <= value <= most:
        return value
    print(f"{name} is '{text}', not a number from {least} to {most}", file=sys.stderr)
    sys.exit(2)


def main() -> int:
    # With the time to settle no longer than an hour, for which a token of Google's is good.
    seconds = int(number("WATCH_SECONDS", 300, 1, 3000, int))
    rate = number("WATCH_RATE", 10, 0.1, 50)
    settle = int(number("WATCH_SETTLE_SECONDS", 60, 0, 500, int))
    if seconds * rate < MINIMUM_REQUESTS:
        print(f"{seconds} s at {rate} a second are fewer than the {MINIMUM_REQUESTS} requests that a judgement needs",
              file=sys.stderr)
        return 2
    url = os.environ.get("PROMETHEUS_URL", "")
    prometheus = None
    if url:
        prometheus = Prometheus(url, os.environ.get("PROMETHEUS_TOKEN", ""),
                                os.environ.get("PROMETHEUS_MATCHERS", ""))
    probe = Probe(os.environ["BASE_URL"])
    found = watch(probe, prometheus, seconds, rate, settle)
    report("own requests", probe.answered, probe.fast)
    for complaint in found:
        print(f"✗ {complaint}", file=sys.stderr)
    if not found:
        print("✓ the service level objective is kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

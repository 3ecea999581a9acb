#!/usr/bin/env python3
"""Watches a running platform for some minutes and fails when it misses its service level objective: 99.5 % of the
requests are answered (not with 5xx), 95 % of them within 250 ms.

usage: make slo-watch BASE_URL=https://...
  WATCH_SECONDS        for how long (default: 300, at most 3000)
  WATCH_RATE           own requests a second (default: 10)
  PROMETHEUS_URL       a Prometheus, or Google's at https://monitoring.googleapis.com/v1/projects/PROJECT/
                       location/global/prometheus; judges all requests. Empty: only own requests are judged
  WATCH_SETTLE_SECONDS how long Prometheus gets to read the last counters (default: 60, two of Google's intervals)
  PROMETHEUS_TOKEN     sent to it as a bearer token. Google's comes from gcloud: it lives for an hour only
  PROMETHEUS_MATCHERS  restricts the requests that are judged, such as: pod=~"api-canary-.*"

Own requests go through the gateway, as a client's do; Prometheus has what the service counted. Either may fail the watch.
It ends early when so much fails that a month's budget of errors would be gone within two days.
"""
from __future__ import annotations

import concurrent.futures
import dataclasses
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

AVAILABILITY = 0.995
LATENCY_SECONDS = 0.25
FAST_ENOUGH = 0.95
# As in the alerts of infrastructure/prometheus: 14.4 times the allowed rate uses up a month's errors in two days.
FAST_BURN = 14.4
# Fewer say nothing about 99.5 %.
MINIMUM_REQUESTS = 100
# Half of them ask the API, whose metrics Prometheus has.
PROBES = ("/api/v1/items?limit=1", "/dash/_dash-layout", "/api/v1/items/stats", "/")
GOOGLE = "https://monitoring.googleapis.com/"


@dataclasses.dataclass
class View:
    """What one observer counted: all requests, those that were answered, and of `timed` those that were fast."""

    name: str
    total: float = 0
    answered: float = 0
    timed: float = 0
    fast: float = 0
    last_failure: str = ""

    def answered_share(self) -> float:
        return self.answered / self.total if self.total else 1.0

    def fast_share(self) -> float:
        return self.fast / self.timed if self.timed else 1.0

    def note(self, outcome: tuple[bool, float, str]) -> None:
        good, seconds, failure = outcome
        self.total += 1
        self.last_failure = failure or self.last_failure
        if good:
            self.answered += 1
            self.timed += 1
            self.fast += seconds <= LATENCY_SECONDS

    def report(self) -> None:
        print(f"  {self.name}: {self.total:.0f} requests, {self.answered_share():.3%} answered, "
              f"{self.fast_share():.2%} within {LATENCY_SECONDS * 1000:.0f} ms", flush=True)

    def complaints(self, speed: bool = True) -> list[str]:
        found = []
        if self.total < MINIMUM_REQUESTS:
            found.append(f"only {self.total:.0f} requests, too few to judge")
        # One bad answer is no trend, however few there were.
        if self.answered_share() < AVAILABILITY and self.total - self.answered > 1.5:
            found.append(f"{self.answered_share():.3%} were answered, not {AVAILABILITY:.1%}")
        if speed and self.fast_share() < FAST_ENOUGH:
            found.append(f"{self.fast_share():.2%} took {LATENCY_SECONDS * 1000:.0f} ms at most, not {FAST_ENOUGH:.0%}")
        found = [f"{self.name}: {complaint}" for complaint in found]
        return found + ([f"the last that failed: {self.last_failure}"] if found and self.last_failure else [])


def ask(url: str) -> tuple[bool, float, str]:
    """Whether an address answers with less than 500, after how many seconds, and what was wrong."""
    start = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            reply.read()
        return True, time.monotonic() - start, ""
    except urllib.error.HTTPError as error:
        return error.code < 500, time.monotonic() - start, f"{url}: {error.code}"
    except OSError as error:
        return False, time.monotonic() - start, f"{url}: {error}"


def send_requests(base_url: str, seconds: int, rate: float) -> tuple[View, bool]:
    """What own requests met, and whether so much failed that it ended early."""
    view = View("own requests")
    start, sent, next_report = time.monotonic(), 0, 15.0
    with concurrent.futures.ThreadPoolExecutor(max_workers=32) as pool:
        pending: set[concurrent.futures.Future] = set()
        while (now := time.monotonic() - start) < seconds or pending:
            # Never more at once than there are workers: a platform that hangs is not flooded.
            if now < seconds and sent / rate <= now and len(pending) < 32:
                pending.add(pool.submit(ask, base_url + PROBES[sent % len(PROBES)]))
                sent += 1
            else:
                time.sleep(min(0.05, 0.5 / rate))
            for future in [future for future in pending if future.done()]:
                pending.remove(future)
                view.note(future.result())
            if view.total >= 50 and 1 - view.answered_share() > FAST_BURN * (1 - AVAILABILITY):
                return view, True
            if now >= next_report:
                next_report += 15
                view.report()
    return view, False


def ask_prometheus(url: str, seconds: int) -> View:
    """The service's own counters of the last seconds; raises OSError, HTTPException, ValueError, LookupError or TypeError."""
    matchers = os.environ.get("PROMETHEUS_MATCHERS", "")
    selection = 'job="api",route!~"/health|/ready|/metrics"' + (matchers and "," + matchers)
    token = os.environ.get("PROMETHEUS_TOKEN", "")

    def increase(metric: str, matcher: str = "") -> float:
        query = f"sum(increase({metric}{{{selection}{matcher}}}[{seconds}s]))"
        request = urllib.request.Request(f"{url}/api/v1/query", data=urllib.parse.urlencode({"query": query}).encode())
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=30) as reply:
            result = json.load(reply)["data"]["result"]
        # No series is no request: increase() over nothing yields nothing.
        return float(result[0]["value"][1]) if result else 0.0

    latency = "http_server_request_duration_seconds"
    total = increase("http_server_requests_total")
    return View("Prometheus", total, total - increase("http_server_requests_total", ',status=~"5.."'),
                increase(f"{latency}_count"), increase(f"{latency}_bucket", f',le="{LATENCY_SECONDS}"'))


def watch(base_url: str, seconds: int, rate: float, settle: int, prometheus: str) -> list[str]:
    """What is wrong, one line each; empty when the objective is kept."""
    own, hopeless = send_requests(base_url, seconds, rate)
    own.report()
    if hopeless:
        return [f"own requests: only {own.answered_share():.1%} were answered, no need to wait",
                f"the last that failed: {own.last_failure}"]
    # The service's own clock judges how fast it is, if there is one to ask: ours includes the way there.
    found = own.complaints(speed=not prometheus)
    if prometheus:
        # It reads the counters at intervals: the last requests reach it only later.
        time.sleep(settle)
        try:
            view = ask_prometheus(prometheus, seconds + settle)
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
            return [*found, f"Prometheus gave no answer: {error!r}",
                    f"look at PROMETHEUS_URL, which is {prometheus}, and at PROMETHEUS_TOKEN, which expires"]
        view.report()
        found += view.complaints()
    return found


def number(name: str, default: float, least: float, most: float, kind: type = float) -> float:
    """A setting of the environment; ends the program with 2 when it is none."""
    text = os.environ.get(name) or str(default)
    try:
        value = kind(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        sys.exit(refused(f"{name} is '{text}', not a number from {least} to {most}"))
    return value


def refused(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def main() -> int:
    if len(sys.argv) > 1:
        print(__doc__)
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    base_url = os.environ.get("BASE_URL", "").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        return refused(f"BASE_URL is '{base_url}'\n  make slo-watch BASE_URL=https://...")
    # With the time to settle no longer than an hour, for which a token of Google's is good.
    seconds = int(number("WATCH_SECONDS", 300, 1, 3000, int))
    rate = number("WATCH_RATE", 10, 0.1, 50)
    settle = int(number("WATCH_SETTLE_SECONDS", 60, 0, 500, int))
    if seconds * rate < MINIMUM_REQUESTS:
        return refused(f"{seconds} s at {rate} a second are fewer than the {MINIMUM_REQUESTS} requests that a judgement needs")
    prometheus = os.environ.get("PROMETHEUS_URL", "").rstrip("/")
    if prometheus.startswith(GOOGLE) and not os.environ.get("PROMETHEUS_TOKEN"):
        token = subprocess.run(["gcloud", "auth", "print-access-token"], stdout=subprocess.PIPE, text=True, check=False)
        if token.returncode:
            print(f"✗ there is no token for {prometheus}\n  log in: gcloud auth login; or set PROMETHEUS_TOKEN", file=sys.stderr)
            return 1
        os.environ["PROMETHEUS_TOKEN"] = token.stdout.strip()
    found = watch(base_url, seconds, rate, settle, prometheus)
    for complaint in found:
        print(f"✗ {complaint}", file=sys.stderr)
    if not found:
        print("✓ the service level objective is kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

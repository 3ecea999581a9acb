"""Renders the results as Markdown. Pure: results in, text out."""

from pathlib import Path
from typing import Any

from .contenders import TITLES
from .goals import NAMES, Results, goals
from .machine import NOISY_OTHERS_PERCENT, NOISY_STEAL_PERCENT
from .settings import REPO
from .stats import Summary, summarise

# Manual text: what the numbers mean, and what prevents a goal.
_NOTES = REPO / "benchmarks/notes.md"
_NOT_QUIET = "†"


def _table(head: list[str], rows: list[list[str]]) -> str:
    align = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, align, *rows)) + "\n"


def _number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _rate(summary: Summary | None) -> str:
    if summary is None:
        return ""
    return f"{summary.median:,.0f} ({summary.low:,.0f} to {summary.high:,.0f})"


def _endpoint_rows(results: Results, endpoint: str) -> list[list[str]]:
    rows = []
    for contender, title in TITLES.items():
        counts = sorted({run["connections"] for run in results.runs(endpoint, contender)})
        for connections in counts:
            runs = results.runs(endpoint, contender, connections)
            ours = results.median(endpoint, "ours", "per_second", connections)
            if ours is None:  # pgbench and libpq have other client counts
                ours = results.median(endpoint, "ours", "per_second")
            rate = summarise(run["per_second"] for run in runs)
            ratio = ours / rate.median if ours and rate and rate.median else None
            noisy = any(run["noisy"] for run in runs)
            median = {
                metric: results.median(endpoint, contender, metric, connections)
                for metric in ("p50_ms", "p99_ms", "server_cpu_us", "postgres_cpu_us")
            }
            rows.append(
                [title + (f" {_NOT_QUIET}" if noisy else ""), str(connections), _rate(rate)]
                + [_number(ratio, 2), _number(median["p50_ms"], 2), _number(median["p99_ms"], 2)]
                + [_number(median["server_cpu_us"], 1)]
                + ["" if endpoint == "health" else _number(median["postgres_cpu_us"], 1)]
            )
    return rows


def _endpoints(results: Results) -> str:
    head = ["", "connections", "requests/s: median (lowest to highest)", "ours is, times"]
    head += ["p50, ms", "p99, ms", "server CPU, µs/request", "PostgreSQL CPU, µs/request"]
    text = ""
    for endpoint, name in NAMES.items():
        if rows := _endpoint_rows(results, endpoint):
            text += f"### {name[0].upper()}{name[1:]}\n\n{_table(head, rows)}\n"
    return text


def _resources(results: Results) -> str:
    plain, rows = results.plain, []
    for name in ("ours", "asyncpg", "sqlalchemy", "nginx"):
        memory, idle = plain.get("memory_mb", {}).get(name), plain.get("idle_mb", {}).get(name)
        starts = summarise(plain.get("startup_ms", {}).get(name, []))
        if memory or idle or starts:
            rows.append(
                [TITLES[name]]
                + ([_number(memory["rss"], 1), _number(memory["pss"], 1)] if memory else ["", ""])
                + [_number(idle["rss"], 1) if idle else ""]
                + [_number(starts.median) if starts else ""]
            )
    if not rows:
        return ""
    head = ["", "RSS after the load, MB", "PSS, MB", "1,000 idle connections add, MB"]
    return "## Memory and start\n\n" + _table([*head, "start to ready, ms"], rows) + "\n"


def _ceilings(results: Results) -> str:
    """The upper limit: HTTP and PostgreSQL alone, if everything else took no time."""
    http = results.median("health", "nginx", "per_second")
    rows = []
    for endpoint in ("item", "list"):  # not create, which waits for the disk instead of the processor
        name = NAMES[endpoint]
        database = results.median(endpoint, "libpq", "per_second", None)
        ours = results.median(endpoint, "ours", "per_second")
        if not (http and database and ours):
            continue
        ceiling = 1 / (1 / http + 1 / database)
        rows.append([name, _number(http), _number(database), _number(ceiling)])
        for other in ("pgbench", "sqlalchemy"):
            connections = None if other == "pgbench" else 64
            theirs = results.median(endpoint, other, "per_second", connections)
            rows[-1].append(_number(ceiling / theirs, 2) if theirs else "")
        rows[-1].append(f"{100 * ours / ceiling:.0f} %")
    if not rows:
        return ""
    head = ["", "nginx, fixed body", "libpq pipeline", "both in turn", "times pgbench"]
    return (
        "## How far it can go\n\n"
        "All parts share the processor, so times add up. A server that passed PostgreSQL's answers on at\n"
        "no cost would still need the time of nginx for the HTTP exchange, wrk's part included, and that of\n"
        "the bare pipeline for the query: *both in turn* is what that leaves, per second. Both limits work\n"
        "in large batches, so a real server comes near it only when it can do the same.\n\n"
        + _table([*head, "times SQLAlchemy", "ours reaches"], rows)
        + "\n"
    )


def _search(results: Results) -> str:
    search = results.plain["pgbench_search"]
    if not search:
        return ""
    counts = list(next(iter(search.values())))
    rows = [[NAMES[name], *(_number(tried[count]) for count in counts)] for name, tried in search.items()]
    return (
        "## PostgreSQL by itself\n\n"
        "What `pgbench -M prepared` reaches by its number of clients, per second. *Create* with one\n"
        "client measures the disk: each commit waits until its log is written, and commits that wait at\n"
        "the same time share one write.\n\n" + _table(["clients", *counts], rows) + "\n"
    )


def _noise(results: Results) -> str:
    runs = results.plain["runs"]
    noisy = [run for run in runs if run["noisy"]]
    limits = (
        f"other processes used more than {NOISY_OTHERS_PERCENT:.0f} % of the machine, or its host took "
        f"more than {NOISY_STEAL_PERCENT:.0f} % away"
    )
    if not noisy:
        return f"The machine was quiet: none of the {len(runs)} runs exceeded the limits ({limits})."
    worst = max(run["others_percent"] for run in noisy)
    steal = max(run["steal_percent"] for run in noisy)
    return (
        f"**The machine was not quiet** in {len(noisy)} of {len(runs)} runs ({limits}); up to {worst:.0f} % "
        f"and {steal:.0f} %. {_NOT_QUIET} marks rows with such a run: their numbers may be too low."
    )


_METHOD = """## How it was measured

- **One machine for all.** Server, PostgreSQL and load generator share one machine, and all
  are compared at the same numbers of connections. A server that needs less CPU leaves more to PostgreSQL.
  All servers reach PostgreSQL over TCP.
- **Alternating.** There are {rounds} rounds. In each, every contender runs for {seconds} s after {warm_up_seconds} s of
  warm-up. The tables show the median of the rounds, the lowest and the highest.
- **The same work.** There are {rows:,} items in one table, created by `api migrate`, with its indexes, checks and
  triggers. After each run of *create* the new rows are deleted and the table is vacuumed. First, the benchmark
  compares the answers of all servers to the same requests, and checks that they refuse an invalid item. One
  failed request fails the benchmark.
- **Ours** runs as in production, with {threads} threads: validation, a JSON log line for each request
  (through a pipe), metrics, and 1 % of the traces sent to a collector.
- **The peers** run as their manuals recommend: {threads} worker processes, uvloop and httptools, the same
  constraints as pydantic models, {pool_size} connections for each process, but **without access log, metrics
  and traces**.
- **The limits.** nginx answers our own `/health` body from memory with {threads} workers. `pgbench` sends the same
  statements, prepared, with the client count that was best. *libpq pipeline* is
  [a small program](../benchmarks/libpq_pipeline.cpp) with {threads} connections and a sync point for each query.
- **wrk** is a closed loop: a connection sends its next request after the answer. It measures latencies under
  full load; at the same number of connections, twice the throughput means half the latency. pgbench does not
  print a median, so the column shows its average.
- **CPU** is the CPU time of the server's whole process tree from `/proc`, including the kernel's, divided by
  the number of requests.
- PostgreSQL's settings: {postgres}; otherwise the defaults, so a commit is on disk before it is answered.

## Repeat it

```
make bench                    # everything; about 25 minutes, on a machine that does nothing else
make bench ARGS=--full        # with a table of 10,000,000 items too; about 4 GB of disk
make bench ARGS="--quick --only item,startup"   # a trial; does not change this page
```
"""


def _method(plain: dict[str, Any]) -> str:
    settings = dict(plain["settings"])
    settings["postgres"] = ", ".join(f"`{name} = {value}`" for name, value in settings["postgres"].items())
    return _METHOD.format(**settings)


def _endpoint_notes(plain: dict[str, Any]) -> str:
    lines = []
    if stats := plain.get("stats"):
        lines.append(
            f"`GET /v1/items/stats` on {plain['settings']['stats_rows']:,} items: {stats['median_ms']:.1f} ms, "
            f"as the first request after a write {stats['after_write_ms']:.1f} ms."
        )
    if metrics := plain.get("metrics"):
        lines.append(
            f"`GET /metrics` after the load: {metrics['median_ms']:.1f} ms (highest "
            f"{metrics['max_ms']:.1f} ms) for {metrics['bytes'] / 1000:.0f} kB."
        )
    return "\n".join(lines) + "\n\n" if lines else ""


def render(plain: dict[str, Any], images: Path) -> str:
    results = Results(plain)
    versions = ", ".join(f"{name} {version}" for name, version in plain["versions"].items())
    machine = plain["machine"]
    goal_rows = [
        [goal.what, goal.wanted, goal.measured, "yes" if goal.met else "**no**"] for goal in goals(results)
    ]
    text = (
        "# Benchmarks\n\n"
        "<!-- Written by `make bench` (benchmarks/harness/report.py). Manual text: benchmarks/notes.md -->\n\n"
        f"Measured on {plain['date']} at commit {plain['commit']}, on {machine['cpu']}, {machine['memory']}, "
        f"{machine['kernel']}; it took {plain['minutes']:.0f} minutes.\n{versions}.\n\n{_noise(results)}\n\n"
        f"## Goals\n\n{_table(['', 'goal', 'measured', 'met'], goal_rows)}\n"
    )
    if _NOTES.exists():
        text += _NOTES.read_text().strip() + "\n\n"
    text += (
        "## Side by side\n\n"
        f"![Requests per second at 64 connections]({images}/benchmarks-throughput.svg)\n\n"
        f"![99th percentile of the latency at 64 connections]({images}/benchmarks-latency.svg)\n\n"
        '"Ours is, times" compares with this API at the same number of connections; for what has no HTTP,\n'
        "at 64.\n\n"
    )
    return (
        text
        + _endpoints(results)
        + _ceilings(results)
        + _resources(results)
        + _endpoint_notes(plain)
        + _search(results)
        + _method(plain)
    )

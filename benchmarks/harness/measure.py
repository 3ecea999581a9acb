"""The measurements and their order. Each function adds to the results, a dictionary of plain values."""

import os
import resource
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import load
from .contenders import Contenders, Server
from .database import Database
from .machine import Watch, is_noisy, tree_memory
from .parse import Load
from .settings import ENDPOINTS, Paths, Settings

PEERS = ("ours", "asyncpg", "sqlalchemy")
_IDLE_CONNECTIONS = 1000
_REPEATS = 30  # timings of a single request
MAIN = "bench"  # the database that all contenders share


@dataclass
class Bench:
    settings: Settings
    paths: Paths
    database: Database
    contenders: Contenders
    results: dict[str, Any]
    servers: dict[str, Server] = field(default_factory=dict)
    pgbench_clients: dict[str, int] = field(default_factory=dict)
    done: int = 0
    planned: int = 0


def _watched(bench: Bench, server: Server | None, generate: Callable[[], Load]) -> dict[str, Any]:
    roots = [("postgres", bench.database.process.pid)]
    if server:
        roots.append(("server", server.process.pid))
    watch = Watch(roots)
    result = generate()
    seconds, quiet = watch.stop()
    requests = max(1, result.requests)
    return {
        "requests": result.requests,
        "per_second": result.per_second,
        "p50_ms": result.p50_ms,
        "p99_ms": result.p99_ms,
        "errors": result.errors,
        "server_cpu_us": seconds["server"] * 1e6 / requests if server else None,
        "postgres_cpu_us": seconds["postgres"] * 1e6 / requests,
        "noisy": is_noisy(quiet),
        **quiet,
    }


def _record(bench: Bench, endpoint: str, contender: str, connections: int, run: dict[str, Any]) -> None:
    bench.done += 1
    run = {"endpoint": endpoint, "contender": contender, "connections": connections, **run}
    bench.results["runs"].append(run)
    p99 = f"p99 {run['p99_ms']:8.2f} ms" if run["p99_ms"] is not None else " " * 15
    note = "  not quiet" if run["noisy"] else ""
    if run["errors"]:
        note += f"  {run['errors']} ERRORS"
    print(
        f"[{bench.done:3}/{bench.planned}] {endpoint:7} {connections:4} {contender:14}"
        f"{run['per_second']:10,.0f}/s  {p99}{note}",
        flush=True,
    )


def _http_run(bench: Bench, server: Server, endpoint: str, connections: int, rows: int) -> dict[str, Any]:
    settings = bench.settings

    def generate(seconds: int) -> Load:
        return load.wrk(settings, server.port, endpoint, connections, seconds, rows)

    bench.database.settle()
    generate(settings.warm_up_seconds)
    return _watched(bench, server, lambda: generate(settings.seconds))


def _direct_run(bench: Bench, tool: str, endpoint: str) -> tuple[int, dict[str, Any]]:
    settings, url = bench.settings, bench.database.url(MAIN)
    clients = bench.pgbench_clients[endpoint] if tool == "pgbench" else settings.threads

    def generate() -> Load:
        if tool == "pgbench":
            return load.pgbench(settings, bench.paths, url, endpoint, clients, settings.seconds)
        return load.libpq(settings, bench.paths, url, endpoint, settings.seconds)

    bench.database.settle()
    return clients, _watched(bench, None, generate)


def search_pgbench_clients(bench: Bench, endpoint: str) -> None:
    """Finds the client count at which pgbench is fastest; the report has all of them."""
    tried = {}
    for clients in load.PGBENCH_CLIENTS:
        found = load.pgbench(
            bench.settings, bench.paths, bench.database.url(MAIN), endpoint, clients,
            bench.settings.search_seconds,
        )  # fmt: skip
        tried[clients] = found.per_second
        if endpoint == "create":
            bench.database.restore(MAIN, bench.settings.rows)
    best = max(tried, key=lambda clients: tried[clients])
    bench.pgbench_clients[endpoint] = best
    bench.results["pgbench_search"][endpoint] = {str(clients): rate for clients, rate in tried.items()}
    print(f"pgbench {endpoint}: best with {best} clients, {tried[best]:,.0f}/s", flush=True)


def throughput(bench: Bench) -> None:
    """Alternating runs: each round measures every contender, so a change of the machine's speed
    affects all of them."""
    settings = bench.settings
    endpoints = [name for name in ENDPOINTS if name in settings.sections]
    http = {name: [*PEERS, "nginx", "nginx_logging"] if name == "health" else PEERS for name in endpoints}
    direct = {name: () if name == "health" else ("pgbench", "libpq") for name in endpoints}
    bench.planned += settings.rounds * sum(
        len(http[name]) * len(settings.connections) + len(direct[name]) for name in endpoints
    )
    for endpoint in endpoints:
        if endpoint == "health":
            body = bench.servers["ours"].get("/health")[1].decode()
            for name in ("nginx", "nginx_logging"):
                bench.servers[name] = bench.contenders.start_nginx(name, body)
        else:
            search_pgbench_clients(bench, endpoint)

        def finish(contender: str, connections: int, run: dict[str, Any], endpoint: str = endpoint) -> None:
            _record(bench, endpoint, contender, connections, run)
            if endpoint == "create":
                bench.database.restore(MAIN, settings.rows)

        for _ in range(settings.rounds):
            for connections in settings.connections:
                for name in http[endpoint]:
                    run = _http_run(bench, bench.servers[name], endpoint, connections, settings.rows)
                    finish(name, connections, run)
            for tool in direct[endpoint]:
                finish(tool, *_direct_run(bench, tool, endpoint))


def memory_after_load(bench: Bench) -> None:
    bench.results["memory_mb"] = {
        name: tree_memory(server.process.pid) for name, server in bench.servers.items()
    }


def _time_requests(server: Server, path: str) -> dict[str, float] | None:
    """Durations in ms of sequential requests; None if the path does not exist."""
    durations, size = [], 0
    for _ in range(_REPEATS):
        start = time.perf_counter()
        status, body = server.get(path)
        durations.append((time.perf_counter() - start) * 1000)
        size = len(body)
        if status != 200:
            return None
    return {"median_ms": statistics.median(durations), "max_ms": max(durations), "bytes": size}


def metrics(bench: Bench) -> None:
    bench.results["metrics"] = _time_requests(bench.servers["ours"], "/metrics")


def startup(bench: Bench) -> None:
    """Time from the start of the process to the first 200 of /ready, while the database runs."""
    durations: dict[str, list[float]] = {}
    for name in PEERS:
        # The peers take seconds, and no goal depends on them.
        for _ in range(bench.settings.starts if name == "ours" else 3):
            start = time.perf_counter()
            server = bench.contenders.launch(name, bench.database.url(MAIN))
            server.wait("/ready", poll_seconds=0.0005)
            durations.setdefault(name, []).append((time.perf_counter() - start) * 1000)
            bench.contenders.stop(server)
        print(f"start to ready: {name} {statistics.median(durations[name]):.0f} ms", flush=True)
    bench.results["startup_ms"] = durations


def _idle_connection(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
        raise RuntimeError("a connection got no answer to its first request, before it would idle")
    return connection


def _is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True


def idle_connections(bench: Bench) -> None:
    """Memory of connections that are idle after one answer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _IDLE_CONNECTIONS + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_IDLE_CONNECTIONS + 200, hard))
    growth = {}
    for name in PEERS:
        server = bench.contenders.start(name, bench.database.url(MAIN))
        load.wrk(bench.settings, server.port, "item", 8, 1, bench.settings.rows)
        before = tree_memory(server.process.pid)
        connections = [_idle_connection(server.port) for _ in range(_IDLE_CONNECTIONS)]
        time.sleep(0.5)
        after = tree_memory(server.process.pid)
        still_open = sum(_is_open(connection) for connection in connections)
        for connection in connections:
            connection.close()
        if still_open != _IDLE_CONNECTIONS:
            raise RuntimeError(f"{name} closed {_IDLE_CONNECTIONS - still_open} idle connections")
        growth[name] = {kind: after[kind] - before[kind] for kind in after}
        bench.contenders.stop(server)
        print(f"{_IDLE_CONNECTIONS} idle connections: {name} {growth[name]['rss']:.1f} MB", flush=True)
    bench.results["idle_mb"] = growth


def _items_database(bench: Bench, rows: int) -> str:
    name = f"{MAIN}_{rows}"
    print(f"A table of {rows:,} items…", flush=True)
    bench.database.ensure_items(name, rows)
    return name


def stats_endpoint(bench: Bench) -> None:
    """GET /v1/items/stats on many items: repeatedly, and as the first request after a write."""
    settings = bench.settings
    name = _items_database(bench, settings.stats_rows)
    server = bench.contenders.start("ours", bench.database.url(name))
    found = _time_requests(server, "/v1/items/stats")
    if found:
        after_write = []
        for number in range(_REPEATS):
            body = f'{{"name":"Item {number}","category":"category-1","price":1,"quantity":1}}'
            if server.get("/v1/items", "POST", body)[0] != 201:
                raise RuntimeError("the API refuses a new item")
            start = time.perf_counter()
            server.get("/v1/items/stats")
            after_write.append((time.perf_counter() - start) * 1000)
        found["after_write_ms"] = statistics.median(after_write)
    bench.contenders.stop(server)
    bench.database.restore(name, settings.stats_rows)
    bench.results["stats"] = found
    print(f"stats of {settings.stats_rows:,} items: {found}", flush=True)


def growth_of_the_table(bench: Bench) -> None:
    """One item of a small and of a large table, alternating."""
    settings = bench.settings
    sizes = (settings.small_rows, settings.large_rows)
    servers = {}
    for rows in sizes:
        name = _items_database(bench, rows)
        bench.database.read_everything(name)
        servers[rows] = bench.contenders.start("ours", bench.database.url(name))
    bench.planned += settings.rounds * len(sizes)
    for _ in range(settings.rounds):
        for rows in sizes:
            run = _http_run(bench, servers[rows], "item", settings.connections[0], rows)
            _record(bench, f"rows:{rows}", "ours", settings.connections[0], run)
    for server in servers.values():
        bench.contenders.stop(server)


def everything(bench: Bench) -> None:
    sections = bench.settings.sections
    if any(endpoint in sections for endpoint in ENDPOINTS):
        throughput(bench)
        memory_after_load(bench)
        metrics(bench)
    if "startup" in sections:
        startup(bench)
    if "idle" in sections:
        idle_connections(bench)
    if "stats" in sections:
        stats_endpoint(bench)
    if "growth" in sections:
        growth_of_the_table(bench)
    bench.results["load_after"] = os.getloadavg()[0]

"""The load generators: wrk for servers; pgbench and a bare libpq driver for PostgreSQL itself."""

import json
import os
import subprocess
from pathlib import Path

from .parse import Load, parse_pgbench, parse_wrk
from .settings import REPO, Paths, Settings

_WRK = REPO / "benchmarks/wrk"
_PGBENCH = REPO / "benchmarks/pgbench"
PGBENCH_CLIENTS = (1, 2, 4, 8, 16, 32, 64)
# Queries in flight on a connection of the bare driver: more do not increase its throughput.
LIBPQ_DEPTH = 64


def _run(command: list[str], env: dict[str, str] | None = None) -> str:
    # The kernel kills the generator with the harness; Ctrl-C reaches it through the terminal.
    done = subprocess.run(
        ["setpriv", "--pdeathsig", "KILL", "--", *command],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr}{done.stdout}")
    return done.stdout


def wrk(settings: Settings, port: int, endpoint: str, connections: int, seconds: int, rows: int) -> Load:
    command = ["wrk", f"-t{settings.threads}", f"-c{connections}", f"-d{seconds}s", "--latency"]
    # A slow answer must count as latency, not as an error.
    command += ["--timeout", "30s"]
    if endpoint == "health":
        command.append(f"http://127.0.0.1:{port}/health")
    else:
        command += ["-s", str(_WRK / f"{endpoint}.lua"), f"http://127.0.0.1:{port}", "--", f"{rows}"]
    return parse_wrk(_run(command))


def pgbench(settings: Settings, paths: Paths, url: str, statement: str, clients: int, seconds: int) -> Load:
    command = [paths.pgbench, "--no-vacuum", "--protocol=prepared", f"--client={clients}"]
    command += [f"--jobs={min(settings.threads, clients)}", f"--time={seconds}"]
    command += [f"--define=rows={settings.rows}", f"--file={_PGBENCH / statement}.sql", url]
    return parse_pgbench(_run(command))


def libpq(settings: Settings, paths: Paths, url: str, statement: str, seconds: int) -> Load:
    command = [str(paths.build / "benchmarks/libpq_pipeline"), statement, f"{settings.rows}"]
    command += [f"{settings.threads}", f"{LIBPQ_DEPTH}", f"{seconds}"]
    result = json.loads(_run(command, {"DATABASE_URL": url}))
    return Load(requests=result["queries"], per_second=result["per_second"])

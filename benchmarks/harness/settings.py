"""Paths and durations, from the environment and the command line."""

import os
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
ENDPOINTS = ("health", "item", "list", "create")
SECTIONS = (*ENDPOINTS, "startup", "idle", "stats", "growth")


@dataclass(frozen=True)
class Settings:
    rounds: int
    seconds: int  # duration of each measured run
    warm_up_seconds: int
    search_seconds: int  # duration of each client count that pgbench tries
    starts: int
    sections: tuple[str, ...]
    full: bool
    quick: bool
    rows: int = 100_000
    small_rows: int = 10_000
    stats_rows: int = 1_000_000
    connections: tuple[int, ...] = (64, 256)
    # Threads or worker processes of every server, and threads of every load generator.
    threads: int = 2
    # Connections of each worker process of the peers: asyncpg's default. SQLAlchemy's is 5 to 15.
    pool_size: int = 10

    @property
    def large_rows(self) -> int:
        return 10_000_000 if self.full else self.stats_rows


@dataclass(frozen=True)
class Paths:
    """Paths of the programs that benchmarks/run.sh has installed and built."""

    run: Path
    build: Path
    python: Path
    nginx: str
    pgbench: str
    postgres_bin: Path
    postgres_data: Path
    postgres_user: str
    superuser_password: str

    @staticmethod
    def from_environment() -> "Paths":
        env = os.environ
        return Paths(
            run=Path(env["RUN_DIR"]),
            build=Path(env["BUILD_DIR"]),
            python=Path(env["BENCH_PYTHON"]),
            nginx=env["BENCH_NGINX"],
            pgbench=env["BENCH_PGBENCH"],
            postgres_bin=Path(env["PG_BIN"]),
            postgres_data=Path(env["PG_DATA"]),
            postgres_user=env["PG_USER"] if os.geteuid() == 0 else "",
            superuser_password=Path(env["PG_SUPERUSER_FILE"]).read_text().strip(),
        )

"""The PostgreSQL of the benchmark: a separate instance that all contenders use over TCP."""

import hashlib
import os
import signal
import subprocess
import time
from pathlib import Path

from .processes import Children, free_port
from .settings import REPO, Paths

ROLE = "bench"
_PASSWORD = "bench"  # only this machine can reach the server, and only during the benchmark
_MIGRATIONS = REPO / "services/api/migrations"
_SEED = REPO / "benchmarks/seed.sql"
_START_TIMEOUT_SECONDS = 60
_SETTLE_TIMEOUT_SECONDS = 30


def server_settings() -> dict[str, str]:
    """Settings that differ from the defaults. fsync and synchronous_commit stay on: a commit is on disk."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    shared_buffers_mb = min(memory // 4, 4 * 2**30) // 2**20
    return {
        "shared_buffers": f"{shared_buffers_mb}MB",
        "max_connections": "200",
        # No automatic checkpoint during a run; the harness makes one before each.
        "max_wal_size": "8GB",
        "checkpoint_timeout": "1h",
        "timezone": "UTC",
    }


class Database:
    """Starts with construction. Failures of SQL raise subprocess.CalledProcessError."""

    def __init__(self, children: Children, paths: Paths) -> None:
        self._paths = paths
        self.port = free_port()
        settings = {
            **server_settings(),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "recovery_init_sync_method": "syncfs",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = children.start(
            "postgres",
            [f"{paths.postgres_bin}/postgres", "-D", f"{paths.postgres_data}", "-p", f"{self.port}"]
            + options,
            user=paths.postgres_user,
            stop_signal=signal.SIGINT,  # "fast shutdown"
            cwd=Path("/"),
        )
        self._wait()
        self.version = self.sql("postgres", "show server_version")
        self.sql(
            "postgres",
            f"""do $$ begin create role {ROLE} login password '{_PASSWORD}';
                exception when duplicate_object then null; end $$""",
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_SECONDS
        while True:
            try:
                self.sql("postgres", "select 1")
                return
            except subprocess.CalledProcessError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL does not start: {error.stderr}") from error
                time.sleep(0.2)

    def _psql(self, database: str, *arguments: str, sql: str | None = None) -> str:
        return subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--host=127.0.0.1"]
            + [f"--port={self.port}", "--username=postgres", f"--dbname={database}"]
            + ["--set=ON_ERROR_STOP=1", *arguments],
            env={**os.environ, "PGPASSWORD": self._paths.superuser_password},
            input=sql,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def sql(self, database: str, text: str) -> str:
        """Runs statements as the superuser, each in its own transaction."""
        return self._psql(database, sql=text)

    def url(self, database: str) -> str:
        return f"postgresql://{ROLE}:{_PASSWORD}@127.0.0.1:{self.port}/{database}"

    def ensure_items(self, database: str, rows: int) -> None:
        """Creates a database with the API's schema and `rows` items, or reuses an existing one."""
        files = [*sorted(_MIGRATIONS.glob("*.sql")), _SEED]
        content = b"".join(file.read_bytes() for file in files)
        wanted = f"{rows} rows, {hashlib.sha256(content).hexdigest()}"
        found = self.sql(
            "postgres",
            f"select shobj_description(oid, 'pg_database') from pg_database where datname = '{database}'",
        )
        if found != wanted:
            self.sql("postgres", f"drop database if exists {database} with (force)")
            self.sql("postgres", f"create database {database} owner {ROLE}")
            self._migrate(database)
            self._psql(database, f"--set=rows={rows}", f"--file={_SEED}")
        else:
            # An older API may have created the database.
            self._migrate(database)
        self.restore(database, rows)
        if found != wanted:
            self.sql("postgres", f"comment on database {database} is '{wanted}'")

    def _migrate(self, database: str) -> None:
        subprocess.run(
            [self._paths.build / "services/api/api", "migrate"],
            env={"DATABASE_URL": self.url(database), "MIGRATIONS_DIR": str(_MIGRATIONS)},
            check=True,
            capture_output=True,
            text=True,
        )

    def settle(self) -> None:
        """Waits until no statement runs: a server may still work for a client that has disconnected."""
        deadline = time.monotonic() + _SETTLE_TIMEOUT_SECONDS
        busy = (
            "select count(*) from pg_stat_activity where state <> 'idle' and "
            "backend_type = 'client backend' and pid <> pg_backend_pid()"
        )
        quiet_checks = 0
        while quiet_checks < 2:  # between two statements of a pipeline one check may see none
            quiet_checks = quiet_checks + 1 if self.sql("postgres", busy) == "0" else 0
            if time.monotonic() > deadline:
                raise RuntimeError("statements still run long after the end of the load")

    def restore(self, database: str, rows: int) -> None:
        """Removes the created items, dead rows and dirty pages, so that they do not affect the next run."""
        self.settle()
        self.sql(
            database,
            f"delete from items where id > {rows};"
            f"alter table items alter column id restart with {rows + 1};"
            "vacuum analyze; checkpoint;",
        )
        count = int(self.sql(database, "select count(*) from items"))
        if count != rows:
            raise RuntimeError(f"{database} has {count} items instead of {rows}")

    def read_everything(self, database: str) -> None:
        """Reads a table into memory by the index: a scan of a large table would bypass the shared buffers."""
        self.sql(
            database,
            "set enable_seqscan = off; set enable_bitmapscan = off;"
            "set max_parallel_workers_per_gather = 0;"
            "select count(description) from items where id > 0;",
        )

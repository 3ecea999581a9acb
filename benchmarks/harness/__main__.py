"""Command line of the harness; benchmarks/run.sh installs and builds, then calls it."""

import argparse
import json
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from . import agreement, plot, report
from .contenders import Contenders
from .database import Database, server_settings
from .machine import describe
from .measure import MAIN, PEERS, Bench, everything
from .processes import Children
from .settings import REPO, SECTIONS, Paths, Settings

_RESULTS = REPO / "build/bench/results.json"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run.sh")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", type=lambda text: tuple(text.split(",")), default=SECTIONS)
    parser.add_argument("--render", action="store_true")
    arguments = parser.parse_args()
    if unknown := set(arguments.only) - set(SECTIONS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    return arguments


def _settings(arguments: argparse.Namespace) -> Settings:
    quick = arguments.quick
    return Settings(
        rounds=2 if quick else 5,
        seconds=2 if quick else 4,
        warm_up_seconds=1,
        search_seconds=1 if quick else 2,
        starts=3 if quick else 10,
        sections=tuple(arguments.only),
        full=arguments.full,
        quick=quick,
    )


def _versions(paths: Paths, database: Database) -> dict[str, str]:
    packages = ("fastapi", "pydantic", "sqlalchemy", "asyncpg", "uvicorn", "uvloop", "httptools")
    site = next((paths.python.parents[1] / "lib").glob("python3*/site-packages"))
    found = {entry.name.lower(): entry.version for entry in metadata.distributions(path=[str(site)])}
    python = subprocess.run([paths.python, "--version"], capture_output=True, text=True, check=True)
    nginx = subprocess.run([paths.nginx, "-v"], capture_output=True, text=True, check=True)
    pgbench = subprocess.run([paths.pgbench, "--version"], capture_output=True, text=True, check=True)
    return {
        "PostgreSQL": database.version,
        "Python": python.stdout.split()[1],
        **{name: found[name] for name in packages},
        "nginx": nginx.stderr.split("/")[1].split()[0],
        "pgbench": pgbench.stdout.split()[2],
    }


def _commit() -> str:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(REPO), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")


def _measure(settings: Settings, paths: Paths) -> dict[str, Any]:
    results: dict[str, Any] = {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "commit": _commit(),
        "machine": describe(),
        "settings": {
            "rounds": settings.rounds,
            "seconds": settings.seconds,
            "warm_up_seconds": settings.warm_up_seconds,
            "threads": settings.threads,
            "pool_size": settings.pool_size,
            "rows": settings.rows,
            "small_rows": settings.small_rows,
            "large_rows": settings.large_rows,
            "stats_rows": settings.stats_rows,
            "postgres": server_settings(),
        },
        "runs": [],
        "pgbench_search": {},
    }
    start = time.monotonic()
    with Children(paths.run / "logs") as children:
        database = Database(children, paths)
        results["versions"] = _versions(paths, database)
        print(f"A table of {settings.rows:,} items…", flush=True)
        database.ensure_items(MAIN, settings.rows)
        contenders = Contenders(children, paths, settings)
        bench = Bench(settings, paths, database, contenders, results)
        for name in PEERS:
            bench.servers[name] = contenders.start(name, database.url(MAIN))
        compared = agreement.check(list(bench.servers.values()), settings.rows)
        database.restore(MAIN, settings.rows)
        print(f"All servers gave the same {compared} answers.", flush=True)
        everything(bench)
    results["minutes"] = (time.monotonic() - start) / 60
    return results


def _render(results: dict[str, Any], document: Path, images: Path) -> None:
    images.mkdir(parents=True, exist_ok=True)
    for name, text in plot.all_plots(results).items():
        (images / name).write_text(text)
    document.write_text(report.render(results, images.relative_to(document.parent)))
    print(f"Written: {document.relative_to(REPO)}, {images.relative_to(REPO)}/benchmarks-*.svg")


def main() -> int:
    arguments = _arguments()
    committed = (REPO / "docs/benchmarks.md", REPO / "docs/images")
    # A quick or partial run is no basis for the document that is committed.
    trial = (REPO / "build/bench/benchmarks.md", REPO / "build/bench/images")
    if arguments.render:
        if not _RESULTS.exists():
            sys.exit(f"no results of a whole run in {_RESULTS.relative_to(REPO)}: run make bench")
        _render(json.loads(_RESULTS.read_text()), *committed)
        return 0

    # SIGTERM unwinds like Ctrl-C does, so that the children end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    settings = _settings(arguments)
    whole = not settings.quick and set(settings.sections) == set(SECTIONS)
    results = _measure(settings, Paths.from_environment())
    file = _RESULTS if whole else _RESULTS.with_name("trial.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=1))
    _render(results, *(committed if whole else trial))
    failed = [run for run in results["runs"] if run["errors"]]
    for run in failed:
        print(f"{run['errors']} errors: {run['endpoint']}, {run['contender']}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except (agreement.Disagreement, RuntimeError) as error:
        sys.exit(f"✗ {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"✗ {error}\n{error.stderr}")

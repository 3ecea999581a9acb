"""CPU time and memory of processes from /proc, and whether the machine was quiet."""

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_KTHREADD = 2  # parent of the kernel's threads, which also work for those that we measure
# A run is noisy if other processes, or other guests of the host, used more of the machine than this.
NOISY_OTHERS_PERCENT = 3.0
NOISY_STEAL_PERCENT = 2.0


@dataclass(frozen=True)
class ProcessTime:
    parent: int
    own: float  # seconds
    ended_children: float


def parse_stat(text: str) -> ProcessTime:
    """Parses /proc/<pid>/stat, see proc(5). The name may contain spaces and parentheses."""
    fields = text[text.rindex(")") + 2 :].split()
    user, system, children_user, children_system = (int(value) for value in fields[11:15])
    return ProcessTime(
        parent=int(fields[1]),
        own=(user + system) / _TICKS_PER_SECOND,
        ended_children=(children_user + children_system) / _TICKS_PER_SECOND,
    )


def processes() -> dict[int, ProcessTime]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = parse_stat((entry / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended meanwhile
    return found


def tree(root: int, table: dict[int, ProcessTime]) -> set[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for pid, process in table.items():
        children.setdefault(process.parent, []).append(pid)
    found, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        if pid in table:
            found.add(pid)
        waiting += children.get(pid, [])
    return found


def tree_seconds(root: int, table: dict[int, ProcessTime]) -> float:
    """CPU time of a tree, including children that have ended."""
    return sum(table[pid].own + table[pid].ended_children for pid in tree(root, table))


def tree_memory(root: int) -> dict[str, float]:
    """Memory of a tree in MB (10^6 bytes): `rss`, and `pss`, which counts shared pages once."""
    total = {"rss": 0.0, "pss": 0.0}
    for pid in tree(root, processes()):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name.lower() in total:
                total[name.lower()] += int(rest.split()[0]) * 1024 / 1e6
    return total


def _others_seconds(table: dict[int, ProcessTime]) -> float:
    """CPU time of all processes except the kernel and the harness with its children."""
    ours = tree(os.getpid(), table)
    return sum(
        process.own + process.ended_children
        for pid, process in table.items()
        if pid not in ours and _KTHREADD not in (pid, process.parent)
    )


def _steal_seconds() -> float:
    return int(Path("/proc/stat").read_text().split(maxsplit=9)[8]) / _TICKS_PER_SECOND


class Watch:
    """Measures CPU time from its creation to `stop`: of given trees, and of all foreign processes."""

    def __init__(self, roots: Iterable[tuple[str, int]]) -> None:
        self._roots = dict(roots)
        self._load = os.getloadavg()[0]
        self._uptime = _uptime()
        self._steal = _steal_seconds()
        self._table = processes()

    def stop(self) -> tuple[dict[str, float], dict[str, float]]:
        """CPU seconds of each root, and how quiet the machine was."""
        table = processes()
        capacity = (_uptime() - self._uptime) * (os.cpu_count() or 1)
        seconds = {
            name: tree_seconds(root, table) - tree_seconds(root, self._table)
            for name, root in self._roots.items()
        }
        # A process that ended has added its CPU time to its parent's.
        others = _others_seconds(table) - _others_seconds(self._table)
        quiet = {
            "load_before": self._load,
            # Reading /proc takes time: a process that ends meanwhile may count twice or not at all.
            "others_percent": min(max(0.0, 100 * others / capacity), 100.0),
            "steal_percent": 100 * (_steal_seconds() - self._steal) / capacity,
        }
        return seconds, quiet


def is_noisy(quiet: dict[str, float]) -> bool:
    return quiet["others_percent"] > NOISY_OTHERS_PERCENT or quiet["steal_percent"] > NOISY_STEAL_PERCENT


def _uptime() -> float:
    return float(Path("/proc/uptime").read_text().split()[0])


def upstream_version(release: str) -> str:
    """The version of a kernel, without its builder's suffix, which tells nothing about its speed."""
    found = re.match(r"\d+(\.\d+)*", release)
    return found[0] if found else release


def describe() -> dict[str, str]:
    """The machine, for the head of the report."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = int(Path("/proc/meminfo").read_text().split()[1]) * 1024 / 2**30
    return {
        "cpu": f"{os.cpu_count()} × {cpu}",
        "memory": f"{memory:.0f} GiB",
        "kernel": f"Linux {upstream_version(platform.release())}",
    }

#!/usr/bin/env python3
"""Runs clang-tidy over the compile database, only on files whose answer is not known yet.

usage: tidy.py BUILD_DIR [--since COMMIT] [--jobs N]

With --since, only what changed after COMMIT is checked: each changed source, and each changed header through
one source that includes it. That finds nothing that a changed header does to its other includers; without
--since, which is the whole tree, it does.

A file is checked again when it changes, or a header of this project that it includes, however
indirectly, or its compile command, or a .clang-tidy file, or the version of clang-tidy. A file that
passed leaves an empty file named after the hash of all that in BUILD_DIR/tidy-cache.
Exits with 1 when clang-tidy complains about any file.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

CLANG_TIDY = "clang-tidy-19"
INCLUDE = re.compile(rb'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)


class Sources:
    """The project's files: what each includes, and a hash over it and all that it includes."""

    def __init__(self, root: pathlib.Path) -> None:
        headers = [p for folder in ("libs", "services", "cmake") for p in (root / folder).rglob("*.hpp")
                   if "node_modules" not in p.parts]
        # Our includes name a path whose end is unique (<web/app.hpp>, "models/item.hpp"); where it
        # is not, all candidates count: checking once too often is harmless.
        self._by_name: dict[str, list[pathlib.Path]] = {}
        for header in headers:
            self._by_name.setdefault(header.name, []).append(header)
        self._content: dict[pathlib.Path, bytes] = {}

    def _read(self, path: pathlib.Path) -> bytes:
        if path not in self._content:
            self._content[path] = path.read_bytes()
        return self._content[path]

    def closure(self, path: pathlib.Path) -> set[pathlib.Path]:
        """The file, and all of the project that it includes, however indirectly."""
        seen: set[pathlib.Path] = set()
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            for match in INCLUDE.finditer(self._read(current)):
                name = match.group(1).decode(errors="replace")
                waiting += [p for p in self._by_name.get(os.path.basename(name), [])
                            if str(p).endswith("/" + name.lstrip("./"))]
        return seen

    def hash_into(self, digest: "hashlib._Hash", path: pathlib.Path) -> None:
        for member in sorted(self.closure(path)):
            digest.update(str(member).encode())
            digest.update(self._read(member))


def git(root: pathlib.Path, *arguments: str) -> list[pathlib.Path]:
    names = subprocess.check_output(["git", "-C", str(root), *arguments, "-z"], text=True)
    return [root / name for name in names.split("\0") if name]


def affected(root: pathlib.Path, since: str, sources: Sources, paths: list[pathlib.Path]) -> list[pathlib.Path]:
    """Of paths, those to check for what changed since that commit."""
    changed = {*git(root, "diff", "--name-only", since), *git(root, "ls-files", "--others", "--exclude-standard")}
    # Other checks, or another way to compile: everything is affected.
    if any(p.name in (".clang-tidy", "compiler.cmake") for p in changed):
        return paths
    chosen = [p for p in paths if p in changed]
    covered = set().union(*(sources.closure(p) for p in chosen)) if chosen else set()
    for header in sorted(p for p in changed if p.suffix == ".hpp" and p.exists()):
        if header in covered:
            continue
        users = [p for p in paths if header in sources.closure(p)]
        if users:
            # The source of the same name sees most of it.
            best = min(users, key=lambda p: (p.stem.removesuffix("_test") != header.stem, len(sources.closure(p))))
            chosen.append(best)
            covered |= sources.closure(best)
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build_dir", type=pathlib.Path)
    parser.add_argument("--since", metavar="COMMIT")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()

    root = pathlib.Path(__file__).resolve().parents[2]
    cache = options.build_dir / "tidy-cache"
    cache.mkdir(exist_ok=True)
    common = hashlib.sha256(subprocess.check_output([CLANG_TIDY, "--version"]))
    for config in sorted(root.glob(".clang-tidy")) + sorted(root.glob("libs/**/.clang-tidy")) + sorted(
            root.glob("services/*/**/.clang-tidy")):
        common.update(config.read_bytes())

    sources = Sources(root)
    pending: list[tuple[str, pathlib.Path]] = []
    entries = {pathlib.Path(entry["directory"], entry["file"]).resolve(): entry
               for entry in json.loads((options.build_dir / "compile_commands.json").read_text())}
    # What CMake generates below the build directory is not ours to style.
    paths = [path for path in entries if options.build_dir.resolve() not in path.parents]
    total = len(paths)
    if options.since:
        paths = affected(root, options.since, sources, paths)
    for path in paths:
        entry = entries[path]
        digest = common.copy()
        digest.update(entry.get("command", " ".join(entry.get("arguments", []))).encode())
        sources.hash_into(digest, path)
        stamp = cache / digest.hexdigest()
        if not stamp.exists():
            pending.append((str(path), stamp))

    print(f"clang-tidy: {len(pending)} of {total} files to check", flush=True)
    start = time.monotonic()
    failed = []

    def check(job: tuple[str, pathlib.Path]) -> tuple[str, pathlib.Path, int, str]:
        run = subprocess.run([CLANG_TIDY, "--quiet", "-p", str(options.build_dir), job[0]],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        return (*job, run.returncode, run.stdout)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done, (file, stamp, status, output) in enumerate(pool.map(check, pending), 1):
            name = os.path.relpath(file, root)
            print(f"[{done}/{len(pending)}] {time.monotonic() - start:.0f} s {name}", flush=True)
            # Warnings are errors here, whether .clang-tidy says so or not.
            if status == 0 and "warning:" not in output:
                stamp.touch()
            else:
                failed.append(name)
                print(output or f"{CLANG_TIDY} failed with exit code {status}", flush=True)

    if failed:
        print(f"clang-tidy complains about {len(failed)} file(s): {' '.join(failed)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

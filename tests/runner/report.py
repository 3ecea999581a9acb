#!/usr/bin/env python3
"""Says what is in the report of a test runner.

usage: report.py REPORT
       report.py --slowest N REPORT...    the N tests that took longest, with their seconds

REPORT is JUnit XML (ctest, node:test, pytest, schemathesis) or the JSON of Vitest. To ctest a whole program is one
test; the report of GoogleTest in REPORT's name without its ending (unit/base_tests.xml beside unit.xml) says what is
in it. A program without one was ended before it could write it, by a crash or a sanitizer.

The first line has three numbers: passed, failed and skipped. Then comes each test that failed: its name behind "- ",
and the beginning and the end of what it said, indented. A report that is missing or broken counts nothing; the caller
treats that as a failure.
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree
from collections.abc import Iterator
from typing import NamedTuple

# What matters is at the beginning for some runners, for others at the end.
FIRST_LINES = 8
LAST_LINES = 16
# XML has no place for them, and node:test writes what a failing program printed as it is.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
GOOGLETEST_BEGINS = re.compile(r"^\[ RUN      \] (\S+)$", re.MULTILINE)


class Test(NamedTuple):
    name: str
    outcome: str  # passed, failed or skipped
    said: str = ""
    seconds: float = 0

    def __str__(self) -> str:
        lines = [line for line in COLOURS.sub("", self.said).splitlines() if line.strip()]
        if len(lines) > FIRST_LINES + LAST_LINES:
            lines = [*lines[:FIRST_LINES], "...", *lines[-LAST_LINES:]]
        return "\n    ".join([f"- {self.name}", *lines])


def read_vitest(path: pathlib.Path) -> Iterator[Test]:
    outcomes = {"passed": "passed", "failed": "failed"}
    for file in json.loads(path.read_text())["testResults"]:
        for test in file["assertionResults"]:
            yield Test(test["fullName"], outcomes.get(test["status"], "skipped"),
                       "\n".join(test["failureMessages"]), (test.get("duration") or 0) / 1000)
        # A file that cannot even be loaded has no test of its own, and must not pass for that.
        if file["status"] == "failed" and not file["assertionResults"]:
            yield Test(file["name"], "failed", file.get("message", ""))


def read_junit(path: pathlib.Path, qualified: bool = False) -> Iterator[Test]:
    """The tests of a report; those of GoogleTest are qualified by their suite."""
    text = CONTROL_CHARACTERS.sub("", path.read_text())
    for case in xml.etree.ElementTree.fromstring(text).iter("testcase"):
        name = case.get("name", "?")
        reasons = [*case.findall("failure"), *case.findall("error")]
        outcome = "failed" if reasons else "passed" if case.find("skipped") is None else "skipped"
        said = "\n".join(reason.text or reason.get("message") or "" for reason in reasons).strip()
        # ctest gives no reason but what the test wrote.
        yield Test(f"{case.get('classname')}.{name}" if qualified else name, outcome,
                   said or case.findtext("system-out", ""), float(case.get("time") or 0))


def read_ctest(path: pathlib.Path) -> Iterator[Test]:
    for program in read_junit(path):
        report = path.with_suffix("") / f"{program.name}.xml"
        tests = list(read_junit(report, qualified=True)) if report.exists() else []
        yield from tests
        if program.outcome == "failed" and not any(test.outcome == "failed" for test in tests):
            begun = GOOGLETEST_BEGINS.findall(program.said)
            place = f", in {begun[-1]}" if begun and not tests else ""
            yield program._replace(name=f"{program.name} ended{place}")


def read(path: pathlib.Path) -> list[Test]:
    """Nothing of a report that is missing or broken, which is named on the standard error."""
    reader = read_vitest if path.suffix == ".json" else read_ctest if path.with_suffix("").is_dir() else read_junit
    try:
        return list(reader(path))
    except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return []


def main() -> None:
    if sys.argv[1] == "--slowest":
        tests = [(test, path) for path in map(pathlib.Path, sys.argv[3:]) for test in read(path)]
        for test, path in sorted(tests, key=lambda each: -each[0].seconds)[:int(sys.argv[2])]:
            print(f"{test.seconds:6.1f} s  {path.stem}: {test.name}")
        return
    tests = read(pathlib.Path(sys.argv[1]))
    print(*(sum(test.outcome == outcome for test in tests) for outcome in ("passed", "failed", "skipped")))
    print(*(test for test in tests if test.outcome == "failed"), sep="\n", end="")


if __name__ == "__main__":
    main()

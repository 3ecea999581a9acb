#!/usr/bin/env python3
"""Says what is in the report of a test runner.

usage: test_report.py REPORT
       test_report.py --slowest N REPORT...    the N tests that took longest, with their seconds

REPORT is JUnit XML (ctest, node:test, pytest, schemathesis) or the JSON of Vitest. The first line has
three numbers: passed, failed and skipped. Then comes each test that failed: its name behind "- ", and
the beginning and the end of what it said, indented. A report that is missing or broken counts nothing;
the caller treats that as a failure.
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree
from typing import NamedTuple

# What matters is at the beginning for some runners, for others at the end.
FIRST_LINES = 8
LAST_LINES = 16
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Failure(NamedTuple):
    test: str
    said: str

    def __str__(self) -> str:
        lines = [line for line in COLOURS.sub("", self.said).splitlines() if line.strip()]
        if len(lines) > FIRST_LINES + LAST_LINES:
            lines = [*lines[:FIRST_LINES], "...", *lines[-LAST_LINES:]]
        return "\n    ".join([f"- {self.test}", *lines])


class Report(NamedTuple):
    passed: int
    skipped: int
    failures: list[Failure]


def read_json(text: str) -> Report:
    report = json.loads(text)
    failures = []
    for file in report["testResults"]:
        failures += [Failure(test["fullName"], "\n".join(test["failureMessages"]))
                     for test in file["assertionResults"] if test["status"] == "failed"]
        # A file that cannot even be loaded has no test of its own, and must not pass for that.
        if file["status"] == "failed" and not file["assertionResults"]:
            failures.append(Failure(file["name"], file.get("message", "")))
    return Report(report["numPassedTests"], report["numPendingTests"] + report["numTodoTests"], failures)


def read_junit(text: str) -> Report:
    passed = skipped = 0
    failures = []
    for case in xml.etree.ElementTree.fromstring(text).iter("testcase"):
        reasons = [*case.findall("failure"), *case.findall("error")]
        if reasons:
            said = [reason.text or reason.get("message") or "" for reason in reasons]
            # ctest gives no reason but what the test wrote.
            failures.append(Failure(case.get("name", "?"),
                                    "\n".join(said).strip() or case.findtext("system-out", "")))
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return Report(passed, skipped, failures)


def durations(path: pathlib.Path) -> list[tuple[float, str]]:
    """The seconds and the name of each test in a report; nothing of a report that is missing or broken."""
    try:
        text = path.read_text()
        if path.suffix == ".json":
            return [((test.get("duration") or 0) / 1000, test["fullName"])
                    for file in json.loads(text)["testResults"] for test in file["assertionResults"]]
        return [(float(case.get("time") or 0), case.get("name", "?"))
                for case in xml.etree.ElementTree.fromstring(text).iter("testcase")]
    except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return []


def main() -> None:
    if sys.argv[1] == "--slowest":
        tests = [(*test, path) for path in map(pathlib.Path, sys.argv[3:]) for test in durations(path)]
        for seconds, name, path in sorted(tests, key=lambda test: -test[0])[:int(sys.argv[2])]:
            print(f"{seconds:6.1f} s  {path.stem}: {name}")
        return
    path = pathlib.Path(sys.argv[1])
    report = Report(0, 0, [])
    try:
        report = (read_json if path.suffix == ".json" else read_junit)(path.read_text())
    except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
        print(f"{path}: {error}", file=sys.stderr)
    print(report.passed, len(report.failures), report.skipped)
    print(*report.failures, sep="\n", end="")


if __name__ == "__main__":
    main()

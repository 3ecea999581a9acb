#!/usr/bin/env python3
"""Counts the tests of one report.

usage: count_tests.py REPORT

REPORT is JUnit XML (ctest, node:test) or the JSON of Vitest. Prints three numbers: passed, failed and
skipped. A report that is missing or broken counts nothing; the caller treats that as a failure.
"""
import json
import pathlib
import sys
import xml.etree.ElementTree


def count_json(text: str) -> tuple[int, int, int]:
    report = json.loads(text)
    # A file that cannot even be loaded has no test of its own, and must not pass for that.
    broken = sum(1 for file in report["testResults"]
                 if file["status"] == "failed" and not file["assertionResults"])
    return (report["numPassedTests"], report["numFailedTests"] + broken,
            report["numPendingTests"] + report["numTodoTests"])


def count_junit(text: str) -> tuple[int, int, int]:
    passed = failed = skipped = 0
    for case in xml.etree.ElementTree.fromstring(text).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main() -> None:
    report = pathlib.Path(sys.argv[1])
    counts = (0, 0, 0)
    try:
        count = count_json if report.suffix == ".json" else count_junit
        counts = count(report.read_text())
    except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
        print(f"{report}: {error}", file=sys.stderr)
    print(*counts)


if __name__ == "__main__":
    main()

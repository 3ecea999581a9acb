#!/usr/bin/env python3
"""Shows log lines for people: reads "SERVICE | LINE" lines and writes them shorter, coloured by the variables of common.sh.

usage: ... | log_lines.py [TRACE]

A JSON line becomes its time, level, service, what happened and its trace; a request becomes its method, route, status
and milliseconds. Any other line stays as it is. With TRACE, a trace id or its beginning, only lines that have it are shown.
"""
import json
import os
import re
import signal
import sys

COLOUR = {name: os.environ.get(name, "") for name in ("BOLD", "DIM", "RED", "YELLOW", "RESET")}
LEVELS = {"error": "RED", "fatal": "RED", "warn": "YELLOW", "warning": "YELLOW"}
# What a line says in other words already, or nobody reads here.
SHOWN = {"ts", "time", "level", "service", "msg", "message", "trace_id", "span_id"}
# Compose writes such sequences even without colours.
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Compose numbers containers: api-1.
PREFIX = re.compile(r"^([\w.-]+?)(?:-\d+)? *\| (.*)$")


def coloured(name: str, text: str) -> str:
    return f"{COLOUR[name]}{text}{COLOUR['RESET']}" if name else text


def request(entry: dict) -> str | None:
    """A request in the access log of a service or of Traefik."""
    if "DownstreamStatus" in entry:
        method, route, status = entry["RequestMethod"], entry["RequestPath"], entry["DownstreamStatus"]
        milliseconds = entry["Duration"] / 1e6
    elif entry.get("msg") == "request" and "status" in entry:
        method, route, status = entry["method"], entry["route"], entry["status"]
        milliseconds = entry["duration_ms"]
    else:
        return None
    colour = "RED" if status >= 500 else "YELLOW" if status >= 400 else ""
    return f"{method} {route} {coloured(colour, str(status))} {milliseconds:.1f} ms"


def message(entry: dict) -> str:
    details = [f"{key}={value}" for key, value in entry.items() if key not in SHOWN]
    return " ".join([str(entry.get("msg") or entry.get("message") or ""), *details])


def short(service: str, line: str) -> str:
    try:
        entry = json.loads(line)
        level = str(entry["level"])
    except (ValueError, KeyError, TypeError):
        return f"{coloured('BOLD', f'{service:8}')} {line}"
    # The part behind the date of a time in UTC.
    moment = str(entry.get("ts") or entry.get("StartUTC") or entry.get("time") or "")[11:23]
    trace = entry.get("trace_id") or entry.get("TraceId")
    text = " ".join([f"{moment:12}", coloured(LEVELS.get(level, ""), f"{level:5}"), coloured("BOLD", f"{service:8}"),
                     request(entry) or message(entry)])
    return text + (coloured("DIM", f"  trace={trace}") if trace else "")


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    # Ctrl-C ends what writes the lines; this ends with them, quietly.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for line in iter(sys.stdin.readline, ""):
        if wanted not in line:
            continue
        plain = ESCAPES.sub("", line.rstrip("\r\n"))
        match = PREFIX.match(plain)
        print(short(match[1], match[2]) if match else plain, flush=True)


if __name__ == "__main__":
    main()

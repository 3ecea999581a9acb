#!/usr/bin/env python3
"""Stands for a platform that is well: answers each address that scripts/smoke.sh asks for as it wants it.

usage: door.py PORT SMOKE_SCRIPT     (for `make k8s-check`)
"""
import http.server
import pathlib
import re
import sys

ANSWERS = dict(re.findall(r"^probe '?([^ ']+)'? (\d+)$", pathlib.Path(sys.argv[2]).read_text(), re.MULTILINE))


class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(ANSWERS.get(self.path, 404)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()

#!/usr/bin/env python3
"""A fake of a healthy platform: answers each path that scripts/smoke.sh requests with the expected status.

usage: door.py PORT SMOKE_SCRIPT     (for `make k8s-check`)
"""
import http.server
import pathlib
import re
import sys

SMOKE = pathlib.Path(sys.argv[2]).read_text()
ANSWERS = dict(re.findall(r"^probe '?([^ ']+)'? (\d+)$", SMOKE, re.MULTILINE))
REDIRECTS = dict(re.findall(r"^probe_redirect (\S+) (\S+)$", SMOKE, re.MULTILINE))


class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path in REDIRECTS:
            self.send_response(302)
            self.send_header("Location", f"http://{self.headers['Host']}{REDIRECTS[self.path]}")
        else:
            self.send_response(int(ANSWERS.get(self.path, 404)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()

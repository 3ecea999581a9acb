#!/usr/bin/env python3
"""Fake services: each answers with its name, the request's path and its X-Forwarded-Prefix.

usage: echo.py NAME=ADDRESS:PORT...     (for `make k8s-check`)
"""
import functools
import http.server
import sys
import threading


class Echo(http.server.BaseHTTPRequestHandler):
    def __init__(self, name: str, *arguments: object) -> None:
        self.name = name
        super().__init__(*arguments)

    def do_GET(self) -> None:
        body = f"{self.name} {self.path} {self.headers.get('X-Forwarded-Prefix')}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


for argument in sys.argv[1:]:
    name, place = argument.split("=")
    address, port = place.split(":")
    server = http.server.ThreadingHTTPServer((address, int(port)), functools.partial(Echo, name))
    threading.Thread(target=server.serve_forever).start()

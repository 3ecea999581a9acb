#!/usr/bin/env python3
"""Answers each request with what it was asked: method, path, X-Forwarded-Prefix. For `make k8s-check`.

usage: echo.py PORT
"""
import http.server
import sys


class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"GET {self.path} {self.headers.get('X-Forwarded-Prefix')}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


http.server.ThreadingHTTPServer(("localhost", int(sys.argv[1])), Echo).serve_forever()

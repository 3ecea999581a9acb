"""The compared HTTP servers: how each is started, and its name in the report."""

import http.client
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .processes import Children, free_port
from .settings import REPO, Paths, Settings

TITLES = {
    "ours": "This API",
    "sqlalchemy": "FastAPI + SQLAlchemy",
    "asyncpg": "FastAPI + asyncpg",
    "nginx": "nginx, fixed body",
    "nginx_logging": "nginx, fixed body, access log",
    "pgbench": "pgbench, best client count",
    "libpq": "libpq pipeline, no HTTP",
}
_READY_TIMEOUT_SECONDS = 30


@dataclass
class Server:
    name: str
    port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str, method: str = "GET", body: str | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def wait(self, path: str, poll_seconds: float = 0.02) -> None:
        """Waits until `path` answers 200; RuntimeError if the server ends or takes too long."""
        deadline = time.monotonic() + _READY_TIMEOUT_SECONDS
        while True:
            try:
                if self.get(path)[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not answer {path}; see .run/bench/logs/")
            time.sleep(poll_seconds)


class Contenders:
    """Starts servers as children of the harness."""

    def __init__(self, children: Children, paths: Paths, settings: Settings) -> None:
        self._children = children
        self._paths = paths
        self._settings = settings
        self._collector_port = free_port()
        children.start(
            "collector",
            [sys.executable, str(Path(__file__).with_name("collector.py")), f"{self._collector_port}"],
        )

    def start(self, name: str, database_url: str) -> Server:
        """Starts "ours", "sqlalchemy" or "asyncpg", and waits until it is ready."""
        server = self.launch(name, database_url)
        server.wait("/ready")
        return server

    def launch(self, name: str, database_url: str) -> Server:
        port = free_port()
        if name == "ours":
            command = [str(self._paths.build / "services/api/api"), "serve"]
            env = self._our_environment(port, database_url)
        else:
            command = [str(self._paths.python), "-m", "uvicorn", f"{name}_app:app"]
            command += ["--host", "127.0.0.1", "--port", f"{port}", "--loop", "uvloop"]
            command += ["--http", "httptools", "--workers", f"{self._settings.threads}"]
            command += ["--no-access-log", "--log-level", "warning"]
            env = {
                "PATH": os.environ["PATH"],
                "DATABASE_URL": database_url,
                "POOL_SIZE": str(self._settings.pool_size),
            }
        process = self._children.start(
            name, command, env=env, drain_output=name == "ours", cwd=REPO / "benchmarks/peers"
        )
        return Server(name, port, process)

    def _our_environment(self, port: int, database_url: str) -> dict[str, str]:
        # Everything is on: validation, JSON logs of each request, metrics, traces.
        return {
            "DATABASE_URL": database_url,
            "API_HOST": "127.0.0.1",
            "API_PORT": str(port),
            "API_THREADS": str(self._settings.threads),
            "MIGRATIONS_DIR": str(REPO / "services/api/migrations"),
            "DRAIN_DELAY_SECONDS": "0",
            "OTEL_TRACES_SAMPLER_ARG": "0.01",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self._collector_port}",
        }

    def start_nginx(self, name: str, body: str) -> Server:
        """nginx that answers /health from memory; `nginx_logging` writes a line for each request."""
        port, home = free_port(), self._paths.run / name
        home.mkdir(parents=True, exist_ok=True)
        log = "access_log /dev/stdout json;" if name == "nginx_logging" else "access_log off;"
        user = "user root;" if os.geteuid() == 0 else ""
        (home / "nginx.conf").write_text(f"""
daemon off; {user} worker_processes {self._settings.threads}; pid {home}/pid;
error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi; uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
    log_format json escape=json '{{"ts":"$time_iso8601","msg":"request","method":"$request_method",'
        '"path":"$uri","status":$status,"duration":$request_time,"bytes":$body_bytes_sent}}';
    {log}
    keepalive_requests 1000000000;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        location = /health {{ default_type application/json; return 200 '{body}'; }}
    }}
}}
""")
        process = self._children.start(
            name,
            [self._paths.nginx, "-p", str(home), "-c", str(home / "nginx.conf"), "-e", "stderr"],
            drain_output=True,
        )
        server = Server(name, port, process)
        server.wait("/health")
        return server

    def stop(self, server: Server) -> None:
        self._children.stop(server.process)

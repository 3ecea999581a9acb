"""Child processes that end with the harness, even if it is killed."""

import os
import signal
import socket
import subprocess
from pathlib import Path
from types import TracebackType

_KILL_AFTER_SECONDS = 20


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Children:
    """Starts processes. At the end of its context, it ends all of them, the latest first."""

    def __init__(self, log_dir: Path) -> None:
        self._running: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
        self._log_dir = log_dir
        log_dir.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "Children":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._running:
            self.stop(self._running[-1][0])

    def start(
        self,
        name: str,
        command: list[str],
        *,
        env: dict[str, str] | None = None,
        user: str = "",
        stop_signal: signal.Signals = signal.SIGTERM,
        drain_output: bool = False,
        cwd: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """The kernel signals the child when the harness dies without a chance to clean up.

        Output goes to a log, or with `drain_output` through a pipe to nowhere, as a container
        engine takes it, so that a log of gigabytes does not compete for the disk.
        """
        become = ["setpriv", "--pdeathsig", stop_signal.name.removeprefix("SIG")]
        if user:
            become += ["--reuid", user, "--regid", user, "--clear-groups"]
        with (self._log_dir / f"{name}.log").open("ab") as log:
            drain = None
            if drain_output:
                drain = subprocess.Popen(
                    ["setpriv", "--pdeathsig", "TERM", "--", "cat"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
                self._running.append((drain, signal.SIGTERM))
            child = subprocess.Popen(
                [*become, "--", *command],
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=drain.stdin if drain else log,
                stderr=log,
                # Ctrl-C reaches only the harness, which ends its children in order.
                start_new_session=True,
            )
            if drain and drain.stdin:
                drain.stdin.close()
        self._running.append((child, stop_signal))
        return child

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        stop_signal = next(number for running, number in self._running if running is child)
        child.send_signal(stop_signal)
        try:
            child.wait(_KILL_AFTER_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        self._running = [entry for entry in self._running if entry[0] is not child]

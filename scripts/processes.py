"""The server and the outbox worker side by side: started together, stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
POLL_SECONDS = 0.2
SECONDS_TO_STOP = 15
LONGEST_PAUSE = 30
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def say(text: str) -> None:
    print(text, flush=True)


def stop_with_parent() -> None:
    """Have Linux end this process (SIGTERM) when the one that started it dies, even by `kill -9`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a process in a session of its own: Ctrl-C reaches this program alone, which then stops both."""
    # preexec_fn is unsafe with threads; this program has none.
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=stop_with_parent)  # noqa: PLW1509


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask the process and its children to end, and end them if they do not."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            process.wait()
        return


class Stopping:
    """True as soon as Ctrl-C, a service manager or a closed terminal asks the program to end."""

    def __init__(self) -> None:
        self.asked = False
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self.ask)

    def ask(self, _sign: int, _frame: FrameType | None) -> None:
        self.asked = True

    def __bool__(self) -> bool:
        return self.asked


class Worker:
    """A process that is started again when it ends, after a pause that doubles each time."""

    def __init__(self, command: list[str], clock: Callable[[], float] = time.monotonic) -> None:
        self.command, self.clock, self.pause = command, clock, 1
        self.process = start(command)
        self.restart_at: float | None = None

    def look_after(self) -> None:
        code = self.process.poll()
        if code is None:
            return
        if self.restart_at is None:
            say(f"The worker ended (code {code}); it starts again in {self.pause} s. Enquiries are kept.")
            self.restart_at = self.clock() + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif self.clock() >= self.restart_at:
            self.process = start(self.command)
            self.restart_at = None


def run_together(
    server_command: list[str],
    worker_command: list[str],
    is_ready: Callable[[], bool],
    when_ready: Callable[[], None],
) -> int:
    """Run both until the server ends or someone asks to stop; return the exit code for the shell."""
    stopping = Stopping()
    server = start(server_command)
    worker = Worker(worker_command)
    announced = False
    try:
        while not stopping and server.poll() is None:
            if not announced and is_ready():
                announced = True
                when_ready()
            worker.look_after()
            time.sleep(POLL_SECONDS)
        if not stopping:
            say(f"The server ended by itself (code {server.returncode}); its reason stands above.")
    finally:
        stop(server)
        stop(worker.process)
    if stopping:
        say("The site is stopped.")
        return 0
    return server.returncode or 1

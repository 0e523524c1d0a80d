"""Server and worker side by side: both stop together, and a worker that dies comes back."""

from __future__ import annotations

import gc
import logging
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import check, processes
from scripts.serve import is_listening

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]


def test_a_worker_that_dies_is_started_again_after_a_growing_pause(capsys: pytest.CaptureFixture[str]) -> None:
    now = [100.0]
    worker = processes.Worker([sys.executable, "-c", "raise SystemExit(3)"], clock=lambda: now[0])
    for pause in (1, 2, 4):
        worker.process.wait()
        first = worker.process
        worker.look_after()
        assert f"(code 3); it starts again in {pause} s" in capsys.readouterr().out
        worker.look_after()
        assert worker.process is first
        now[0] += pause
        worker.look_after()
        assert worker.process is not first
    processes.stop(worker.process)


def test_both_stop_when_the_site_is_asked_to() -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    program = f"import sys; from scripts.processes import *; sys.exit(run_together({sleeper}, {sleeper}, bool, print))"
    site = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children")
    wait_until(lambda: len(children.read_text().split()) == 2)
    pids = [int(pid) for pid in children.read_text().split()]
    site.send_signal(signal.SIGTERM)
    output, _nothing = site.communicate(timeout=20)
    assert (site.returncode, output) == (0, "The site is stopped.\n")
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_server_that_ends_by_itself_takes_the_worker_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_arguments: None)
    announced = threading.Event()
    ends = [sys.executable, "-c", "import time; time.sleep(1); raise SystemExit(4)"]
    stays = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert processes.run_together(ends, stays, lambda: True, announced.set) == 4
    assert announced.is_set()


def test_a_process_that_will_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SECONDS_TO_STOP", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout
    process.stdout.readline()
    processes.stop(process)
    assert process.returncode == -signal.SIGKILL
    processes.stop(process)  # a second time does no harm


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process that its parent died")
@pytest.mark.parametrize("killed", ["make", "serve"])
def test_nothing_is_left_on_the_port_when_the_starter_is_killed(tmp_path: Path, killed: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # A server in the child process of Django's autoreloader, as runserver has it.
    server = tmp_path / "server.py"
    server.write_text(
        "from http.server import HTTPServer, SimpleHTTPRequestHandler\n"
        "from django.utils.autoreload import run_with_reloader\n"
        f"run_with_reloader(lambda: HTTPServer(('127.0.0.1', {port}), SimpleHTTPRequestHandler).serve_forever())\n",
    )
    worker = [sys.executable, "-c", "import time; time.sleep(60)"]
    serve = (
        "from scripts.processes import *; stop_with_parent();"
        f" run_together({[sys.executable, str(server)]}, {worker}, bool, print)"
    )
    make = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {serve!r}])"
    starter = subprocess.Popen([sys.executable, "-c", make], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_listening(port))
        serving = int(Path(f"/proc/{starter.pid}/task/{starter.pid}/children").read_text())
        os.kill(starter.pid if killed == "make" else serving, signal.SIGKILL)
        wait_until(lambda: not is_listening(port))
    finally:
        starter.kill()
        starter.wait()


def test_gunicorn_says_in_one_line_which_value_is_wrong() -> None:
    environ = os.environ | check.DEPLOYMENT | {"SITE_URL": "clinic.example"}
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", "127.0.0.1:0"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "The site cannot start. SITE_URL: “clinic.example”" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Invalid request from ip=192.0.2.1: Invalid HTTP request line: 'GET /search/?q=é'", ()),
        ("Error handling request %s %s", ("GET", "/search/?q=knee 192.0.2.1")),
    ],
)
def test_gunicorn_logs_neither_address_nor_words_of_a_request_that_it_cannot_read(
    monkeypatch: pytest.MonkeyPatch, message: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(gc, "set_threshold", lambda *_numbers: None)
    conf = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, message, arguments, None)
    assert logging.getLogger("gunicorn.error").filter(record)
    assert "request" in record.getMessage()
    assert not re.search(r"192|knee|é", record.getMessage())
    logging.getLogger("gunicorn.error").removeFilter(conf["names_nobody"])
    # These are gunicorn's own words; should it choose others, the filter has to learn them.
    source = find_spec("gunicorn.workers.base")
    assert source is not None
    assert re.split(r"192|%", message)[0] in Path(source.origin or "").read_text()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)

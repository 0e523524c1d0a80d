import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import serve
from tests.another_process import ROOT, children, free_port, wait_until

WORKER = [sys.executable, "-c", "import time; time.sleep(60)"]
# Listens in the child process of Django's autoreloader, as runserver does.
SERVER = """
import socketserver, sys
from django.utils.autoreload import run_with_reloader
socketserver.TCPServer.allow_reuse_address = True
address = ("127.0.0.1", int(sys.argv[1]))
run_with_reloader(lambda: socketserver.TCPServer(address, socketserver.BaseRequestHandler).serve_forever())
"""


@pytest.fixture
def port() -> int:
    return free_port()


def test_a_port_that_is_invalid_or_in_use_is_refused(port: int) -> None:
    for text in ("", "abc", "0", "-1", "65536", "80 80"):
        with pytest.raises(SystemExit, match=f"PORT={text} is not a port"):
            serve.read_port(text)
    in_use = pytest.raises(SystemExit, match=f"Port {port} is in use: stop what")
    with socket.create_server(("127.0.0.1", port)), in_use:
        serve.read_port(str(port))
    assert serve.read_port(str(port)) == port


def test_a_failing_management_command_ends_the_start_with_its_own_message(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    with pytest.raises(SystemExit, match=r"`manage.py migrate` failed; the reason is above"):
        serve.manage("migrate")
    assert "The site cannot start. DATABASE_URL" in capfd.readouterr().err


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: int) -> list[str]:
    """Return what `main` calls instead of serving: the management commands, the server, and the announcement."""
    calls: list[str] = []

    def manage(*arguments: str) -> str:
        calls.append(arguments[0])
        return "Sign in as manager."

    def run_together(server: list[str], _worker: list[str], _port: int, announcement: str) -> int:
        calls.extend([" ".join(server), announcement])
        return 0

    monkeypatch.setattr(serve, "manage", manage)
    monkeypatch.setattr(serve, "run_together", run_together)
    monkeypatch.setattr(signal, "signal", lambda *_arguments: None)
    monkeypatch.setattr(os, "environ", os.environ | {"PORT": str(port), "DATA_DIR": str(tmp_path)})
    return calls


def test_make_run_prints_the_addresses_and_who_can_sign_in(calls: list[str], port: int) -> None:
    serve.main("dev")
    *commands, server, announcement = calls
    assert commands == ["migrate", "load_demo"]
    assert server.endswith(f"manage.py runserver 127.0.0.1:{port}")
    for address in ("", "admin/", "django-admin/"):
        assert f" http://127.0.0.1:{port}/{address}\n" in announcement
    assert "Sign in as manager." in announcement


def test_the_production_preview_runs_gunicorn_and_says_what_patients_need(calls: list[str]) -> None:
    serve.main("production")
    *commands, server, announcement = calls
    assert commands == ["migrate", "load_demo", "check", "collectstatic"]
    assert server.endswith("-m gunicorn")
    assert "Patients need HTTPS and working mail" in announcement


def test_another_users_files_are_reported(calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    with pytest.raises(SystemExit, match=f"{tmp_path} belongs to another user"):
        serve.main("dev")
    assert calls == []


@pytest.fixture
def starter(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Start a server and a worker, and return a process in place of make: `serve` is its child."""
    (tmp_path / "server.py").write_text(SERVER)
    server = [sys.executable, str(tmp_path / "server.py"), str(port)]
    program = "from scripts.serve import *; stop_with_parent(); signal.signal(15, signal.default_int_handler);"
    program += f"run_together({server}, {WORKER}, {port}, 'ready')"
    make = f"import subprocess, sys; subprocess.call([sys.executable, '-c', {program!r}])"
    with subprocess.Popen([sys.executable, "-c", make], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "ready\n" in iter(process.stdout.readline, "")
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals that a parent died")
@pytest.mark.parametrize(
    ("killed", "number"), [("make", signal.SIGKILL), ("serve", signal.SIGKILL), ("serve", signal.SIGTERM)]
)
def test_server_and_worker_end_when_the_starter_is_stopped_or_killed(
    starter: subprocess.Popen[str], port: int, killed: str, number: signal.Signals
) -> None:
    (serving,) = children(starter.pid)
    both = children(serving)
    os.kill(starter.pid if killed == "make" else serving, number)
    wait_until(lambda: not serve.is_listening(port))
    wait_until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in both))


def test_a_worker_that_dies_is_restarted_until_the_server_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, port: int, tmp_path: Path
) -> None:
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda _seconds: sleep(0.05))
    starts = tmp_path / "starts"
    starts.touch()
    worker = [sys.executable, "-c", f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(3)"]
    wait = f"while os.path.getsize({str(starts)!r}) < 3: time.sleep(0.01)"
    until_the_third = f"import os, time\n{wait}\nraise SystemExit(4)"
    assert serve.run_together([sys.executable, "-c", until_the_third], worker, port, "") == 4
    printed = capsys.readouterr().out
    assert printed.count("The worker stopped (exit code 3) and is being restarted.") >= 2
    assert "The server stopped (exit code 4); the reason is above." in printed

"""Serve the site on this machine, with its worker: `make run` (dev) and `make run-production` (production)."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
MANAGE = [sys.executable, "manage.py"]
DEVELOPMENT = """\
The site          {url}
Edit its pages    {url}admin/
Answer enquiries  {url}django-admin/
{sign_in}
Mail is printed here, not sent. Press Ctrl-C to stop."""
PRODUCTION = """\
The site as in production, with the values in .env: {url}
To create the first account:
DJANGO_SETTINGS_MODULE=clinic.settings.production .venv/bin/python manage.py createsuperuser
This is a preview. Patients need HTTPS and working mail: see docs/production.md. Press Ctrl-C to stop."""


def read_port(text: str) -> int:
    """Return the port as a number, once it is clear that the site can listen there."""
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        sys.exit(f"The site cannot start. PORT={text} is not a port: use a number from 1024 to 65535, such as 8001.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except PermissionError:
            sys.exit(f"The site cannot start. Port {text} needs administrator rights: use another, such as PORT=8001.")
        except OSError:
            sys.exit(f"The site cannot start. Port {text} is in use: stop what runs there, or use PORT=8001.")
    return int(text)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def manage(*arguments: str) -> str:
    """Run a management command and return what it prints; if it fails, exit below its error message."""
    done = subprocess.run([*MANAGE, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"`manage.py {' '.join(arguments)}` failed; the reason is above.")
    return done.stdout.strip()


def stop_with_parent() -> None:
    """Have Linux stop this process when the one that started it dies, even by `kill -9`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process in its own session, so that Ctrl-C reaches only this program, which then stops both."""
    # preexec_fn is unsafe with threads; this program has none.
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=stop_with_parent)  # noqa: PLW1509  see above


def stop(*processes: subprocess.Popen[bytes]) -> None:
    """Ask the processes and their children to stop, and kill what is left of them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)


def run_together(server_command: list[str], worker_command: list[str], port: int, announcement: str) -> int:
    """Run both until the server ends or someone presses Ctrl-C; return the exit code for the shell."""
    server, worker = start(server_command), start(worker_command)
    try:
        while server.poll() is None:
            if announcement and is_listening(port):
                print(f"{'─' * 78}\n{announcement}\n{'─' * 78}", flush=True)
                announcement = ""
            if worker.poll() is not None:
                print(f"The worker stopped (exit code {worker.returncode}) and is being restarted.", flush=True)
                time.sleep(3)
                worker = start(worker_command)
            time.sleep(0.2)
        print(f"The server stopped (exit code {server.returncode}); the reason is above.")
    finally:
        stop(server, worker)
    return server.returncode or 1


def main(kind: str) -> int:
    """Prepare the database, with the demo clinic if it has no pages yet, and serve the site until Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    port = read_port(os.environ.get("PORT", "8000"))
    os.environ["DJANGO_SETTINGS_MODULE"] = f"clinic.settings.{kind}"
    server, announcement = [sys.executable, "-m", "gunicorn"], PRODUCTION  # gunicorn.conf.py has the rest
    if kind == "dev":
        os.environ |= {"SITE_URL": f"http://{HOST}:{port}", "DJANGO_RUNSERVER_HIDE_WARNING": "true"}
        server, announcement = [*MANAGE, "runserver", f"{HOST}:{port}"], DEVELOPMENT
    folder = ROOT / os.environ.get("DATA_DIR", "var")
    if folder.exists() and not os.access(folder, os.W_OK):
        sys.exit(f"The site cannot start. {folder} belongs to another user: run this as that user, or use DATA_DIR=…")
    print("Preparing the database (the first time, this takes a few minutes) …", flush=True)
    manage("migrate", "--no-input", "--verbosity=0")
    sign_in = manage("load_demo", "--if-empty").splitlines()[-1]
    if kind == "production":
        manage("check")
        manage("collectstatic", "--no-input", "--verbosity=0")
    announcement = announcement.format(url=f"http://{HOST}:{port}/", sign_in=sign_in)
    return run_together(server, [*MANAGE, "work"], port, announcement)


if __name__ == "__main__":
    stop_with_parent()
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        print("The site has stopped.")

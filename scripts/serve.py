"""Serve the site on this machine: `python -m scripts.serve development` (`make run`) or `production`.

Everything that can be wrong with the machine ends in one sentence; Django's own traceback stays with
`manage.py`, which the sentence names.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from clinic.settings import environment
from scripts.processes import ROOT, run_together, say, stop_with_parent

HOST = "127.0.0.1"
MANAGE = [sys.executable, "manage.py"]
WORKER = [*MANAGE, "work"]
LINE = "─" * 78
CANNOT_START = "The site cannot start. "  # as manage.py begins, too


class CannotServe(Exception):  # noqa: N818 - its text is the sentence that the person reads
    """What stands in the way, in one sentence that says what to do."""


def read_port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**16:
        raise CannotServe(f"PORT={text} is not a port: take a number from 1024 to 65535, such as make run PORT=8001.")
    return int(text)


def claim(port: int) -> None:
    """Prove that nobody else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotServe(f"Port {port} is for administrators: take one from 1024 up, with PORT=8001.") from None
        except OSError:
            raise CannotServe(f"Port {port} is taken: stop what runs there, or take another with PORT=8001.") from None


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def make_folder(folder: Path) -> None:
    """Make the folder of the site's own files; it holds health information, so nobody else may look in."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        raise CannotServe(f"Cannot write to {folder}: {error.strerror}.") from None


def manage(*arguments: str) -> None:
    """Run one management command; where it fails, say so with the last line of its error."""
    done = subprocess.run([*MANAGE, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        told = [line for line in lines if line and not line[0].isspace()]
        reason = told[-1] if any(line.startswith("Traceback") for line in lines) else "\n".join(lines)
        if reason.startswith(CANNOT_START):
            raise CannotServe(reason.removeprefix(CANNOT_START))
        raise CannotServe(f"`manage.py {' '.join(arguments)}` failed: {reason}")


def write_env_file(path: Path, example: Path, port: int) -> None:
    """Write a deployment's first `.env`, readable by this user alone, with a secret of its own."""
    text = example.read_text().replace("SECRET_KEY=\n", f"SECRET_KEY={secrets.token_urlsafe(64)}\n")
    text = text.replace("SITE_URL=http://127.0.0.1:8000\n", f"SITE_URL=http://{HOST}:{port}\n")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            say("*** WARNING: others on this machine can read .env and the secrets in it: chmod 600 .env")
        return
    except OSError as error:
        raise CannotServe(f"Cannot write {path}: {error.strerror}.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    say("Wrote .env with a fresh secret: change this deployment's values there, and never commit it.")


def prepare(port: int) -> str:
    """Bring the database up to date, with the demo clinic where it has no pages yet; return what that said."""
    claim(port)
    make_folder(environment.data_dir())
    say("Preparing the database (the first time, with the demo clinic's pictures, it takes some minutes) …")
    manage("migrate", "--no-input", "--verbosity=0")
    command = [*MANAGE, "load_demo", "--if-empty"]
    # Its progress bar stays on the terminal.
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise CannotServe("`manage.py load_demo` failed; its reason stands above.")
    return done.stdout.strip().splitlines()[-1]


def is_elsewhere_on_this_machine(site_url: str, port: int) -> bool:
    """Say whether the public address is this very machine at another port: what `.env` says is from another run."""
    parts = urlsplit(site_url)
    return parts.hostname in {HOST, "localhost"} and (parts.port or 80) != port


def develop(port: int) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings.dev"
    os.environ["SITE_URL"] = f"http://{HOST}:{port}"
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    sign_in = prepare(port)

    def announce() -> None:
        say(
            f"{LINE}\nThe site          http://{HOST}:{port}/\n"
            f"Edit its pages    http://{HOST}:{port}/admin/\n"
            f"Answer enquiries  http://{HOST}:{port}/django-admin/\n"
            f"{sign_in}\nMail is printed here, not sent. Ctrl-C stops.\n{LINE}",
        )

    server = [*MANAGE, "runserver", f"{HOST}:{port}"]
    return run_together(server, WORKER, lambda: is_listening(port), announce)


def deploy(port: int) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings.production"
    write_env_file(ROOT / ".env", ROOT / ".env.example", port)
    environment.read_env_file()
    site_url = environment.read("SITE_URL", environment.site_url)
    prepare(port)
    manage("check")
    manage("collectstatic", "--no-input", "--verbosity=0")

    def announce() -> None:
        settings = "DJANGO_SETTINGS_MODULE=clinic.settings.production"
        say(f"{LINE}\nThe site as a deployment runs it: http://{HOST}:{port}/ on this machine, by gunicorn")
        say(f"Its public address (SITE_URL in .env): {site_url}/")
        if is_elsewhere_on_this_machine(site_url, port):
            say(f"*** WARNING: links in its mail lead to {site_url}/, where it does not listen now.")
        say(f"A first account: {settings} .venv/bin/python manage.py createsuperuser")
        if site_url.startswith("http:"):
            say("*** WARNING: SITE_URL begins with http: names, numbers and passwords travel unencrypted.")
            say("*** Good for a try on this machine alone; for patients see docs/production.md.")
        if environment.optional("EMAIL_URL").startswith(("file:", "console:", "dummy:", "memory:")):
            say("*** WARNING: EMAIL_URL names no mail server: no message leaves this machine.")
        say(LINE)

    server = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "gunicorn.conf.py",
        f"--bind={HOST}:{port}",
        "clinic.wsgi",
    ]
    return run_together(server, WORKER, lambda: is_listening(port), announce)


def main(kind: str) -> int | str:
    """Return the exit code, or the sentence that says what stands in the way."""
    # Until the server runs, a service manager's word to stop ends the preparation as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        port = read_port(os.environ.get("PORT", "8000"))
        return {"development": develop, "production": deploy}[kind](port)
    except (CannotServe, ImproperlyConfigured) as reason:
        return f"{CANNOT_START}{reason}"
    except KeyboardInterrupt:
        return "Stopped."


if __name__ == "__main__":
    stop_with_parent()
    sys.exit(main(sys.argv[1]))

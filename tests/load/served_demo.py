"""The demo clinic as a deployment serves it, for programs that look at it with a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.load.bench import HOST, wait_for
from tests.load.temporary_site import ROOT, temporary_site

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def served_demo() -> Iterator[str]:
    """Yield the address of a gunicorn that serves the demo on a database of its own, pictures included.

    `DEMO_ADDRESS` names a server that runs already.
    """
    if running := os.environ.get("DEMO_ADDRESS"):
        yield running.rstrip("/")
        return
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    address = f"http://{HOST}:{port}"
    with temporary_site("", SITE_URL=address, SERVE_MEDIA="true"):
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "collectstatic", "--no-input", "-v0"], cwd=ROOT, check=True)
        subprocess.run([*manage, "load_demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", f"--bind={HOST}:{port}"]
        with subprocess.Popen([*command, "clinic.wsgi"], cwd=ROOT, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(server, port)
                yield address
            finally:
                server.terminate()


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; the first column is words, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

"""The demo clinic as a deployment serves it, and the programs from npm that look at it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.load.temporary_site import HOST, ROOT, free_port, gunicorn, manage, temporary_site


@contextmanager
def served_demo(*, notice: bool = False) -> Iterator[str]:
    """Yield the address of a gunicorn that serves the demo on a database of its own, pictures included.

    Without `notice`, as a real clinic's site: the notice that the clinic is invented also asks search engines to leave.
    `DEMO_ADDRESS` names a server that runs already.
    """
    if running := os.environ.get("DEMO_ADDRESS"):
        yield running.rstrip("/")
        return
    port = free_port()
    address = f"http://{HOST}:{port}"
    with temporary_site("", SITE_URL=address, SERVE_MEDIA="true"):
        manage("load_demo")
        if not notice:
            from clinic.models import ClinicDetails  # noqa: PLC0415  Django is set up by now

            ClinicDetails.objects.update(demo_notice=False)
        with gunicorn(port):
            yield address


def npm_package(package: str) -> Path:
    """Return the folder with this package and what it needs, installed in `var/` if it is not there."""
    home = ROOT / "var" / package
    if not (home / "node_modules/.package-lock.json").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), package], check=True)
    return home / "node_modules"

"""The demo clinic as a deployment serves it, for programs that look at it with a real browser."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.load.temporary_site import HOST, free_port, gunicorn, load_demo, temporary_site


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
        load_demo()
        if not notice:
            from clinic.models import ClinicDetails  # noqa: PLC0415  Django is set up by now

            ClinicDetails.objects.update(demo_notice=False)
        with gunicorn(port):
            yield address


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; the first column is words, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

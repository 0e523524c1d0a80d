"""The site beside two others on the same Wagtail: `make compare`, or `python -m tests.load.compare [--rounds 5]`.

`wagtail start`, with the text page and the form page of Wagtail's tutorial, and CodeRed CMS as `coderedcms start` makes
it. Each gets a page with the same words and a form with the same fields, and is served by gunicorn with 2 processes of
4 threads. The sites are asked in turn; what counts is the processor time of the server's own processes.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.load.bench import IMS, Server
from tests.load.report import table
from tests.load.temporary_site import HOST, ROOT, arguments, free_port, gunicorn, manage, temporary_site

INSIDE = ROOT / "tests" / "load" / "compare_inside.py"
PEERS = ROOT / "tests" / "load" / "peers"
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


@dataclass
class Site:
    """A project in its folder, with what was measured by name."""

    name: str
    folder: Path
    python: str = sys.executable
    settings: str = "peer.settings.measured"
    uncached: str = "peer.settings.uncached"
    application: str = "peer.wsgi"
    paths: dict[str, str] = field(default_factory=lambda: {"home": "/", "text page": "/text/", "form": "/ask/"})
    figures: dict[str, str] = field(default_factory=dict)

    def start(self, program: Path) -> None:
        """Have the package make a new project."""
        self.folder.mkdir()
        subprocess.run([program, "start", "peer", self.folder], check=True, stdout=subprocess.DEVNULL)

    def run(self, *command: str, **environment: str) -> str:
        """Run Python with the project's settings in its folder; return what it printed."""
        settings = {"DJANGO_SETTINGS_MODULE": self.settings, "PYTHONPATH": f"{self.folder}:{ROOT}"}
        done = subprocess.run(
            [self.python, *command], cwd=self.folder, env=os.environ | settings | environment, check=True,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stdout

    @contextmanager
    def server(self, settings: str) -> Iterator[Server]:
        port = free_port()
        if self.folder == ROOT:
            serving = gunicorn(port, self.application, "--max-requests=0", DJANGO_SETTINGS_MODULE=settings)
        else:
            options = ("--config=/dev/null", "--workers=2", "--threads=4", "--preload", "--keep-alive=120")
            serving = gunicorn(
                port, self.application, *options, f"--chdir={self.folder}",
                python=self.python, DJANGO_SETTINGS_MODULE=settings, PYTHONPATH="",
            )  # fmt: skip
        with serving as process:
            yield Server(process, port)


def main() -> int:
    asked = arguments(__doc__, rounds=5, number=200)
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="clinic-peers-") as folder,
        temporary_site("", REQUIRE_SECOND_FACTOR="false"),
    ):
        manage("load_demo")
        paths = {"home": "/", "text page": IMS, "form": "/enquiry/"}
        ours = Site("this site", ROOT, sys.executable, "clinic.settings.production", "tests.load.uncached",
                    "clinic.wsgi", paths)  # fmt: skip
        ours.figures["set-up with content, s"] = f"{time.monotonic() - started:.0f}"
        words = words_of_ims()
        sites = [ours, wagtail_start(Path(folder), words), codered(Path(folder), words)]
        for site in sites:
            site.figures |= inside(site)
        ask_all(sites, asked.rounds, asked.number)
    rows = [[name, *(site.figures.get(name, "") for site in sites)] for name in ours.figures]
    sys.stdout.write(f"{table(['', *(site.name for site in sites)], rows)}\n")
    return 0


def words_of_ims() -> str:
    """Return the paragraphs of our longest page as JSON."""
    from clinic.models import SearchEntry  # noqa: PLC0415  Django is set up by now

    entry = SearchEntry.objects.get(page__slug="ims-dry-needling")
    return json.dumps([line for line in entry.text.splitlines() if line.strip()])


def wagtail_start(folder: Path, words: str) -> Site:
    site = Site("wagtail start", folder / "start")
    site.start(Path(sys.executable).with_name("wagtail"))
    (site.folder / "home" / "models.py").write_text((PEERS / "start" / "models.txt").read_text())
    for template in (PEERS / "start").glob("*.html"):
        (site.folder / "home" / "templates" / "home" / template.name).write_text(template.read_text())
    return prepared(site, "production", words, 'SITE_NAME = "Peer"\n')


def codered(folder: Path, words: str) -> Site:
    python = folder / "codered-packages" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
    packages = ["coderedcms", "gunicorn", "whitenoise"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    site = Site("CodeRed CMS", folder / "codered", str(python))
    site.start(python.with_name("coderedcms"))
    return prepared(site, "prod", words, "")


def prepared(site: Site, production: str, words: str, more: str) -> Site:
    """Give the project settings, a database and the pages."""
    settings = site.folder / "peer" / "settings"
    measured = f"from peer.settings.{production} import *\nSECRET_KEY = 'x' * 60\nALLOWED_HOSTS = ['{HOST}']\n{more}"
    (settings / "measured.py").write_text(measured + "STATIC_ROOT = BASE_DIR / 'collected'\n")
    (settings / "uncached.py").write_text("from peer.settings.measured import *\nWAGTAIL_CACHE = False\n")
    started = time.monotonic()
    site.run("manage.py", "makemigrations", "-v0")
    site.run("manage.py", "migrate", "-v0")
    site.run("manage.py", "collectstatic", "--no-input", "-v0")
    site.run(str(INSIDE), "fill", WORDS=words)
    site.figures["set-up with content, s"] = f"{time.monotonic() - started:.0f}"
    return site


def inside(site: Site) -> dict[str, str]:
    """Return what is measured in one process of the site: queries, bytes, the editor."""
    printed = site.run(str(INSIDE), "measure", PATHS=json.dumps(site.paths), DJANGO_SETTINGS_MODULE=site.uncached)
    return dict(json.loads(printed.rpartition("measured: ")[2]))


def ask_all(sites: list[Site], rounds: int, number: int) -> None:
    """Ask the servers in turn for each page, and note the medians and the memory."""
    with ExitStack() as servers:
        running = [
            (site, kind, servers.enter_context(site.server(settings)))
            for site in sites
            for kind, settings in (("cached", site.settings), ("drawn", site.uncached))
        ]
        costs: dict[tuple[str, str, str], list[float]] = {}
        for turn in range(rounds + 1):
            for site, kind, server in running:
                for page, path in site.paths.items():
                    before = server.processor_seconds()
                    server.ask(path, number, BROWSER, 200)
                    if turn:  # the first one warms up
                        spent = (server.processor_seconds() - before) / number * 1000
                        costs.setdefault((site.name, page, kind), []).append(spent)
        for site, kind, server in running:
            for page in site.paths:
                site.figures[f"{page}, {kind}, ms"] = f"{median(costs[site.name, page, kind]):.2f}"
            if kind == "cached":
                site.figures["memory of a process, MB"] = str(max(server.megabytes("Pss")))


if __name__ == "__main__":
    sys.exit(main())

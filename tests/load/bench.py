"""What an answer costs: `make bench`, or `python -m tests.load.bench --database postgres://…`.

Three servers run side by side under the same gunicorn (2 processes of 4 threads, `gunicorn.conf.py`): Django's bare
`HttpResponse(b"ok")`, the site, and the site without its page cache. Each in turn gets a number of requests, several
rounds of it; what counts is the processor time of the server's own processes, by /proc, as a ratio to the bare one.
"""

import http.client
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.another_process import children
from tests.load.report import table, verdict
from tests.load.temporary_site import HOST, PAGES, arguments, free_port, gunicorn, manage, temporary_site

IMS = "/services/ims-dry-needling/"
CLIENTS = 4  # connections that are kept open and asked in turn, so that both processes work
TICKS = os.sysconf("SC_CLK_TCK")
# As ratios to the bare answer.
MOST_CACHED = 1.0
MOST_IMS_DRAWN = 54.0
MOST_DRAWN = 70.0
MOST_MEGABYTES = 80


class Server:
    """A gunicorn and its connections."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.connections = [http.client.HTTPConnection(HOST, port, timeout=60) for _ in range(CLIENTS)]

    @property
    def workers(self) -> list[Path]:
        return [Path("/proc", str(pid)) for pid in children(self.process.pid)]

    def processor_seconds(self) -> float:
        """Return what all workers have used so far, in the kernel and outside."""
        fields = [(worker / "stat").read_text().rpartition(")")[2].split() for worker in self.workers]
        return sum(int(numbers[11]) + int(numbers[12]) for numbers in fields) / TICKS

    def megabytes(self, kind: str) -> list[int]:
        """Return the memory of each worker: `Pss` (what several share is counted in equal parts) or `Rss`."""
        lines = [line for worker in self.workers for line in (worker / "smaps_rollup").read_text().splitlines()]
        return [int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{kind}:")]

    def ask(self, path: str, number: int, headers: dict[str, str], status: int) -> http.client.HTTPResponse:
        for turn in range(number):
            connection = self.connections[turn % CLIENTS]
            if turn < CLIENTS:
                connection.close()  # a new one each round: an idle one may be about to be closed from over there
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            assert response.status == status, path
        return response


@dataclass
class Case:
    """One line of the table: `number` requests a round, and at most `goal` times the bare answer's cost."""

    name: str
    server: Server
    path: str
    number: int
    goal: float | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    costs: list[float] = field(default_factory=list)

    def run(self) -> None:
        self.server.ask(self.path, 2 * CLIENTS, self.headers, self.status)
        before = self.server.processor_seconds()
        self.server.ask(self.path, self.number, self.headers, self.status)
        self.costs.append((self.server.processor_seconds() - before) / self.number)


def main() -> int:
    asked = arguments(__doc__, rounds=5, number=1000)
    with temporary_site(asked.database) as kind, ExitStack() as servers:
        manage("load_demo")

        def serve(application: str, **environment: str) -> Server:
            port, options = free_port(), ("--max-requests=0", "--keep-alive=120")
            return Server(servers.enter_context(gunicorn(port, application, *options, **environment)), port)

        bare = serve("tests.load.bare:application()", DJANGO_SETTINGS_MODULE="tests.load.bare")
        site = serve("clinic.wsgi")
        uncached = serve("clinic.wsgi", DJANGO_SETTINGS_MODULE="tests.load.uncached")
        cases = cases_of(bare, site, uncached, asked.number)
        for _round in range(asked.rounds):
            for case in cases:
                case.run()
        return report(kind, cases, site)


def cases_of(bare: Server, site: Server, uncached: Server, number: int) -> list[Case]:
    browser = {"Accept-Encoding": "gzip, deflate, br"}
    etag = site.ask(IMS, 1, browser, 200).headers["ETag"]
    drawn = max(1, number // 10)
    return [
        Case('bare HttpResponse(b"ok")', bare, "/", number),
        Case("home page, cached", site, "/", number, MOST_CACHED, browser),
        Case("IMS page, cached", site, IMS, number, MOST_CACHED, browser),
        Case("IMS page, cached, with ?utm_source=…", site, f"{IMS}?utm_source=x", number, MOST_CACHED, browser),
        Case("IMS page, cached, not packed", site, IMS, number, MOST_CACHED),
        Case("IMS page, not modified (304)", site, IMS, number, MOST_CACHED, browser | {"If-None-Match": etag}, 304),
        *(
            Case(f"{name}, drawn", uncached, path, drawn, MOST_IMS_DRAWN if path == IMS else MOST_DRAWN)
            for name, path in PAGES.items()
        ),
        Case("IMS page, drawn and packed by Django", uncached, IMS, drawn, None, browser),
    ]


def report(kind: str, cases: list[Case], site: Server) -> int:
    """Print the table; return 1 when a goal was missed."""
    bare = cases[0]
    rows = []
    for case in cases:
        ratio = median(cost / base for cost, base in zip(case.costs, bare.costs, strict=True))
        goal = [f"≤ {case.goal:g}", verdict(is_reached=ratio <= case.goal)] if case.goal else ["", ""]
        rows.append([case.name, f"{median(case.costs) * 1000:.2f}", f"{ratio:.2f}", *goal])
    own, whole = site.megabytes("Pss"), site.megabytes("Rss")
    memory = verdict(is_reached=max(own) <= MOST_MEGABYTES)
    sys.stdout.write(
        f"{kind}, medians of {len(bare.costs)} rounds\n\n"
        f"{table(['Answer', 'ms of processor', 'ratio', 'goal', ''], rows)}\n\n"
        f"Memory of the workers: {own} MB (Pss; goal ≤ {MOST_MEGABYTES}: {memory}), {whole} MB (Rss).\n"
        # The site is read once and shared by the processes (`preload_app`): Rss counts those pages in each of them.
        "Pss says what a process more costs: of what all share, which Rss counts each time, it takes one part.\n"
    )
    return 1 if "missed" in {memory, *(row[-1] for row in rows)} else 0


if __name__ == "__main__":
    sys.exit(main())

"""The desk with 200,000 enquiries: `python -m tests.load.desk`, `--database postgres://…` for PostgreSQL.

Each of its pages may ask the database 20 times and cost 40 times Django's bare `HttpResponse(b"ok")`: processor time
of the server's own processes under gunicorn, as in `make bench`. What PostgreSQL's processes took stands beside it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack
from statistics import median
from typing import TYPE_CHECKING

from tests.load.bench import Case, gunicorn
from tests.load.temporary_site import ROOT, temporary_site

if TYPE_CHECKING:
    from tests.load.desk_world import DeskCase

MOST_QUERIES = 20
MOST_TIMES_BARE = 40.0
BARE_TO_ONE_PAGE = 25


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--database", default=os.environ.get("LOAD_DATABASE_URL", ""))
    wanted.add_argument("--enquiries", type=int, default=200_000)
    wanted.add_argument("--rounds", type=int, default=5)
    wanted.add_argument("--number", type=int, default=40, help="requests a round; 25 times as many for the bare one")
    asked = wanted.parse_args()
    with temporary_site(asked.database) as kind, ExitStack() as servers:
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], cwd=ROOT, check=True)
        # Django is set up by now.
        from tests.load import desk_world as world  # noqa: PLC0415  Django is set up by now
        from tests.load.many_enquiries import fill  # noqa: PLC0415  as above

        fill(asked.enquiries)
        pages, browser = world.pages(), world.signed_in("reception")
        queries = {name: world.queries_of(browser, address) for name, address in pages.items()}
        bare = servers.enter_context(
            gunicorn("tests.load.bare:application()", DJANGO_SETTINGS_MODULE="tests.load.bare")
        )
        site = servers.enter_context(gunicorn("clinic.wsgi"))
        cookies = {"Cookie": browser.cookies.output(header="", sep=";").strip()}
        bare_case = Case('bare HttpResponse(b"ok")', bare, "/", asked.number * BARE_TO_ONE_PAGE)
        cases: list[world.DeskCase] = []
        for name, address in pages.items():
            goal = None if name in world.WITHOUT_GOAL else MOST_TIMES_BARE
            cases.append(world.DeskCase(name, site, address, asked.number, goal, cookies))
        for _round in range(asked.rounds):
            for case in (bare_case, *cases):
                case.run()
        return report(f"{kind}, {asked.enquiries:,} enquiries", bare_case, cases, queries)


def report(title: str, bare: Case, desk: list[DeskCase], queries: dict[str, int]) -> int:
    """Print the table; return 1 when a goal was missed."""
    lines = [f"{title}, medians of {len(bare.costs)} rounds", ""]
    lines += ["| Page | queries | ms of processor | ratio | | database |", "| --- | ---: | ---: | ---: | --- | ---: |"]
    lines.append(f"| {bare.name} | 0 | {median(bare.costs) * 1000:.2f} | 1 | | |")
    missed = 0
    for case in desk:
        ratio = median(cost / base for cost, base in zip(case.costs, bare.costs, strict=True))
        is_missed = case.goal is not None and (ratio > case.goal or queries[case.name] > MOST_QUERIES)
        missed += is_missed
        verdict = ("missed" if is_missed else "reached") if case.goal else ""
        cost = median(case.costs) * 1000
        beside = median(case.database_costs) * 1000
        lines.append(f"| {case.name} | {queries[case.name]} | {cost:.2f} | {ratio:.1f} | {verdict} | {beside:.2f} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

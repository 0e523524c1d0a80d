"""Measure how well the public search finds: `manage.py search --measure FILE`."""

from argparse import FileType
from time import process_time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.test import RequestFactory

from clinic.public.search import find_pages

PLACES = 3


class Command(BaseCommand):
    help = "Print which queries find their page among the first three results, and the rate."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--measure", metavar="FILE", required=True, type=FileType(encoding="utf-8"),
            help="On each line a query and the path of the page that it should find, such as “cost /fees/”.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        lines = [line.rsplit(maxsplit=1) for line in options["measure"] if line.strip() and line[0] != "#"]
        if not lines or any(len(line) == 1 for line in lines):
            raise CommandError("Each line needs a query and a path, for example: cost /fees/")
        first = found = 0
        started_at = process_time()
        request = RequestFactory().get("/search/")
        for query, path in lines:
            paths = [result.page.get_url(request) for result in find_pages(request, query, "1").found]
            first += paths[:1] == [path]
            found += path in paths[:PLACES]
            if path not in paths[:PLACES]:
                self.stdout.write(f"{query}: {path} is not among {', '.join(paths[:PLACES]) or 'none'}")
        rates = f"{first / len(lines):.1%} first, {found / len(lines):.1%} among the first {PLACES}"
        cost = (process_time() - started_at) / len(lines) * 1000
        self.stdout.write(f"{len(lines)} queries: {rates}, {cost:.0f} ms of CPU each")

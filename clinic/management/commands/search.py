"""Measure how well the public search finds: `manage.py search --measure FILE`."""

from __future__ import annotations

from argparse import FileType
from typing import Any

from django.core.management.base import BaseCommand
from django.test import RequestFactory

from clinic.public.search import find_pages

PLACES = 3


class Command(BaseCommand):
    help = "Print which queries find their page among the first three results, and the rate."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--measure", metavar="FILE", required=True, type=FileType(encoding="utf-8"),
            help="One query per line, a tab, and the path of the page that it should find, such as /fees/.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        lines = [line.rstrip("\n").split("\t") for line in options["measure"] if line.strip() and line[0] != "#"]
        first = found = 0
        request = RequestFactory().get("/search/")
        for query, path in lines:
            paths = [result.page.get_url(request) for result in find_pages(request, query, "1").found]
            first += paths[:1] == [path]
            found += path in paths[:PLACES]
            if path not in paths[:PLACES]:
                self.stdout.write(f"{query}: {path} is not among {', '.join(paths[:PLACES]) or 'none'}")
        rates = f"{first / len(lines):.1%} first, {found / len(lines):.1%} among the first {PLACES}"
        self.stdout.write(f"{len(lines)} queries: {rates}")

"""Print how easy each page is to read. Needs textstat, one of the packages for tests."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page, Site


class Command(BaseCommand):
    help = "Prints the reading grade and the number of words of every live page; fails when one is above grade 8."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if find_spec("textstat") is None:
            raise CommandError("textstat is not installed. `make check` installs it with the other packages for tests.")
        readability = import_module("clinic.lib.readability")
        hard = 0
        self.stdout.write("grade  words  page")
        for page in live_pages():
            reading = readability.reading_of(as_read(page))
            remark = "" if reading.is_easy else f"  above grade {readability.HIGHEST_GRADE:.0f}"
            hard += not reading.is_easy
            self.stdout.write(f"{reading.grade:5.1f}  {reading.words:5}  {page.url}{remark}")
        if hard:
            raise CommandError(f"Hard to read: {hard} of the pages above. Shorter sentences and shorter words help.")


def live_pages() -> list[Page]:
    """Return the published pages of the default site, in the order of the page tree."""
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    return list(Page.objects.descendant_of(root, inclusive=True).live().public().order_by("path").specific())


def as_read(page: Page) -> str:
    """Return the page's HTML as in a Wagtail preview, without a server."""
    response = page.make_preview_request()
    return str(response.content.decode())

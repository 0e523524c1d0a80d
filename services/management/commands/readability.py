"""Print how hard each published page is to read."""

from typing import Any

from django.core.management.base import BaseCommand

from services.checks.pages import grade_of_page, prose, published_pages


class Command(BaseCommand):
    help = "Print the reading grade (Flesch-Kincaid) and the number of words of each published page."

    def handle(self, **_options: Any) -> None:
        self.stdout.write("Grade  Words  Page")
        for page in published_pages():
            words = sum(len(text.split()) for _passage, text in prose(page))
            self.stdout.write(f"{grade_of_page(page):5.1f}  {words:5}  {page.url}")

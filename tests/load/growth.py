"""How the cost of a page grows with the number of pages: `python -m tests.load.growth [--pages 5000]`.

Each is drawn, without the page cache, with the demo clinic's pages, then with more and more treatments. What counts is
the processor's time of one process, the queries and the bytes. For the number of enquiries: `tests.load.desk`.
"""

from __future__ import annotations

import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.load.temporary_site import PAGES, arguments, load_demo, temporary_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

OK = 200
SHOWN = ("home", "treatments", "treatment (IMS)", "conditions", "fees")
PUBLIC = {name: PAGES[name] for name in SHOWN} | {
    "search: common word": "/search/?q=needling",
    "sitemap": "/sitemap.xml",
    "llms.txt": "/llms.txt",
}
# What one measurement gave: milliseconds of the processor, queries, kilobytes.
Cost = tuple[float, int, float]


def main() -> int:
    asked = arguments(__doc__, pages=5000, rounds=5)
    with temporary_site(asked.database, DJANGO_SETTINGS_MODULE="tests.load.uncached") as kind:
        load_demo()
        from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: PLC0415  Django is set up by now
        from django.test import Client  # noqa: PLC0415  as above

        staticfiles_storage.hashed_files, _ = staticfiles_storage.load_manifest()  # as they have just been collected
        browser = Client(SERVER_NAME="127.0.0.1")
        sizes = [size for size in (0, 500, 1000) if size < asked.pages] + [asked.pages]
        measured = {size: costs(browser, size, asked.rounds) for size in sizes}
        sys.stdout.write(f"{kind}; milliseconds of processor · queries · kB\n\n{table(measured)}")
    return 0


def costs(browser: Client, pages: int, rounds: int) -> dict[str, Cost]:
    from clinic.images import renditions, share_pictures  # noqa: PLC0415  Django is set up by now

    add_treatments(pages)
    found = {name: cost(lambda path=path: content_of(browser, path), rounds) for name, path in PUBLIC.items()}
    return found | {
        "job: renditions": cost(lambda: str(renditions.make_all()).encode(), 1),
        "job: share pictures": cost(lambda: str(share_pictures.make_all()).encode(), 1),
    }


def add_treatments(wanted: int) -> None:
    """Copy treatments of the demo until there are so many pages."""
    from wagtail.models import Page  # noqa: PLC0415  Django is set up by now

    from clinic.images.share_pictures import fingerprint  # noqa: PLC0415  as above
    from clinic.models import ClinicDetails, SearchEntry, SharePicture  # noqa: PLC0415  as above
    from services.models import Fee, ServiceIndexPage, ServicePage  # noqa: PLC0415  as above

    clinic_name = ClinicDetails.objects.get().name
    index = ServiceIndexPage.objects.get()
    model = ServicePage.objects.exclude(lead_image=None).order_by("pk")[0]
    fees = list(model.fees.values("visit", "minutes", "amount"))
    for number in range(Page.objects.count(), wanted):
        page = ServicePage(
            title=f"Needling {number}", slug=f"needling-{number}", introduction=model.introduction,
            search_description="What it is, and what it costs.", body=model.body, lead_image=model.lead_image,
        )  # fmt: skip
        index.add_child(instance=page)
        Fee.objects.bulk_create(Fee(service=page, **fee) for fee in fees)
        SearchEntry.write(page)
        # As if it was drawn, which takes half a second.
        SharePicture.objects.create(page=page, fingerprint=fingerprint(page, clinic_name), file="drawn.jpg")


def content_of(browser: Client, path: str) -> bytes:
    answer = browser.get(path)
    if answer.status_code != OK:
        raise RuntimeError(f"{path} answered {answer.status_code}.")
    return bytes(answer.content)


def cost(work: Callable[[], bytes], rounds: int) -> Cost:
    """Do it once to warm up, once to count the queries, and then so many times for the median."""
    from django.db import connection  # noqa: PLC0415  Django is set up by now

    content = work()
    queries: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        work()
    taken = []
    for _round in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken) * 1000, len(queries), len(content) / 1000


def table(measured: dict[int, dict[str, Cost]]) -> str:
    heads = [f"{size:,} pages" if size else "the demo" for size in measured]
    lines = [f"| | {' | '.join(heads)} |", f"| --- |{' ---: |' * len(heads)}"]
    for name in next(iter(measured.values())):
        cells = [f"{ms:.0f} · {queries} · {kb:.0f}" for ms, queries, kb in (costs[name] for costs in measured.values())]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())

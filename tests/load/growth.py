"""How the cost of a page grows with the number of pages: `python -m tests.load.growth` (`--picture FILE.svg`).

Each is drawn, without the page cache, with the demo clinic's pages, then with more and more treatments. What counts is
the processor's time of one process, the queries and the bytes. For the number of enquiries: `tests.load.desk`.
"""

import sys
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.test import Client

from tests.load.report import cost, table
from tests.load.temporary_site import PAGES, arguments, manage, temporary_site

PUBLIC = {name: PAGES[name] for name in ("home", "treatments", "treatment (IMS)", "conditions", "fees")} | {
    "search: common word": "/search/?q=needling",
    "sitemap": "/sitemap.xml",
    "llms.txt": "/llms.txt",
}
# What one measurement gave: milliseconds of the processor, queries, and what was answered.
Cost = tuple[float, int, bytes]


def main() -> int:
    asked = arguments(__doc__, pages=5000, rounds=5, picture="")
    with temporary_site(asked.database, DJANGO_SETTINGS_MODULE="tests.load.uncached") as kind:
        manage("load_demo")
        static: Any = storages["staticfiles"]
        static.hashed_files, _ = static.load_manifest()  # as they have just been collected
        browser = Client(SERVER_NAME="127.0.0.1")
        sizes = [size for size in (0, 500, 1000) if size < asked.pages] + [asked.pages]
        measured = {size: costs(browser, size, asked.rounds) for size in sizes}
        head = ["", *map(named, measured)]
        rows = [[name] for name in measured[asked.pages]]
        for row, found in product(rows, measured.values()):
            milliseconds, queries, content = found[row[0]]
            row.append(f"{milliseconds:.0f} · {queries} · {len(content) / 1000:.0f}")
        sys.stdout.write(f"{kind}; milliseconds of processor · queries · kB\n\n{table(head, rows)}\n")
        if asked.picture:
            Path(asked.picture).write_text(picture(measured))
    return 0


def costs(browser: Client, pages: int, rounds: int) -> dict[str, Cost]:
    from clinic.images import renditions, share_pictures  # noqa: PLC0415  Django is set up by now

    add_treatments(pages)
    found = {name: cost(partial(content_of, browser, path), rounds) for name, path in PUBLIC.items()}
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
    assert answer.status_code == 200, path
    return bytes(answer.content)


def named(size: int) -> str:
    return f"{size:,} pages" if size else "the demo"


def picture(measured: dict[int, dict[str, Cost]]) -> str:
    """Return an SVG with a row for each page and a bar for each size, as long as its milliseconds."""
    names = [name for name in next(iter(measured.values())) if not name.startswith("job")]
    longest = max(costs[name][0] for costs in measured.values() for name in names)
    bar, row = 12, 12 * len(measured) + 14
    parts = ["<title>Milliseconds of processor for each page, by the number of pages</title>"]
    parts += ["<style>text { font: 12px sans-serif; fill: #555 } text[font-size] { font-size: 10px }</style>"]
    for place, name in enumerate(names):
        parts.append(f'<text x="180" y="{place * row + row / 2 + 3:.0f}" text-anchor="end">{name}</text>')
        for number, (size, costs) in enumerate(measured.items()):
            y, length = place * row + number * bar, max(1, costs[name][0] / longest * 440)
            colour = f"hsl(165 45% {30 + 14 * number}%)"
            parts.append(f'<rect x="190" y="{y}" width="{length:.0f}" height="{bar - 2}" fill="{colour}"/>')
            label = f"{costs[name][0]:.0f} ms, {named(size)}"
            parts.append(f'<text x="{length + 196:.0f}" y="{y + 9}" font-size="10">{label}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {row * len(names)}" role="img">'
    return f"{head}{''.join(parts)}</svg>\n"


if __name__ == "__main__":
    sys.exit(main())

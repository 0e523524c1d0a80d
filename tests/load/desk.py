"""The desk with 20,000 enquiries beside Django's own: `python -m tests.load.desk [--database postgres://…]`.

Dashboard, list, filters and search may each take at most 1.5 times as long as the same page of a stock `ModelAdmin`
over the same table, which shows the same fields, filters and number of rows; both are asked in turn, in one process.
On SQLite, which runs in this process too, processor time is measured: what else the machine does changes it little.
"""

import sys
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import clear_url_caches, path

from tests.load.report import table, verdict
from tests.load.temporary_site import arguments, temporary_site

MOST_TIMES_STOCK = 1.5
DESK, STOCK = "/django-admin/contact/enquiry/", "/stock/contact/enquiry/"


def main() -> int:
    asked = arguments(__doc__, enquiries=20_000, rounds=40)
    with temporary_site(asked.database, DJANGO_SETTINGS_MODULE="clinic.settings.test") as kind:
        from tests.load.many_enquiries import fill  # noqa: PLC0415  Django is set up by now

        fill(asked.enquiries)
        browser = signed_in("reception")
        clock = time.process_time if kind == "SQLite" else time.perf_counter
        rows = []
        for name, (ours, theirs) in pages().items():
            desk, stock = times(browser, ours, theirs, asked.rounds, clock)
            numbers = [f"{desk * 1000:.1f}", f"{stock * 1000:.1f}", f"{desk / stock:.2f}"]
            rows.append([name, *numbers, verdict(is_reached=desk <= MOST_TIMES_STOCK * stock)])
        sys.stdout.write(f"{kind}, {asked.enquiries:,} enquiries, medians of {asked.rounds} rounds\n\n")
        sys.stdout.write(f"{table(['Page', 'desk, ms', 'stock, ms', 'ratio', ''], rows)}\n")
        return 1 if "missed" in {row[-1] for row in rows} else 0


def stock_site() -> admin.AdminSite:
    """Return an admin site of Django's own with one list, in which nothing is changed but what it shows."""
    from contact.models import Enquiry  # noqa: PLC0415  Django is set up by now

    class StockAdmin(admin.ModelAdmin):
        change_list_template = "admin/change_list.html"
        list_display = ("name", "topic", "email", "phone", "received_at", "due_at", "status", "assigned_to")
        list_filter = ("status", "topic", "preferred_contact", "assigned_to", "received_at")
        search_fields = ("name", "email", "phone", "reference")
        list_per_page = 25

    site = admin.AdminSite(name="stock")
    site.register(Enquiry, StockAdmin)
    return site


def pages() -> dict[str, tuple[str, str]]:
    """Return the desk's page and the stock page that it is compared with, by name."""
    from contact.admin.filters import QUEUES  # noqa: PLC0415  Django is set up by now
    from contact.models import Enquiry  # noqa: PLC0415  as above

    person = Enquiry.objects.filter(status="closed").exclude(phone="").order_by("received_at")[100]
    first, last = person.name.split()
    waiting = f"{STOCK}?status__in=new,in_progress"
    stock = {"answered": "status=answered", "closed": "status=closed", "spam": "status=spam", "all": "",
             "suspected": "status=suspected_spam"}  # fmt: skip
    filters = {"topic__exact": "fees", "preferred_contact__exact": "phone"}
    searches = {"first name": first, "both names": person.name, "last name": last, "e-mail": person.email,
                "phone": person.phone, "reference": person.reference, "no one": "Nobody Nowhere"}  # fmt: skip
    return {
        "dashboard": ("/django-admin/", waiting),
        **{f"queue {slug}": (f"{DESK}?show={slug}", f"{STOCK}?{stock[slug]}" if slug in stock else waiting)
           for slug in QUEUES},
        "all, page 40": (f"{DESK}?show=all&p=40", f"{STOCK}?p=40"),
        "closed, two filters": (
            f"{DESK}?{urlencode({'show': 'closed'} | filters)}",
            f"{STOCK}?{urlencode({'status__exact': 'closed'} | filters)}",
        ),
        "all, from a day on": (f"{DESK}?show=all&received_at__date__gte=2024-01-01",
                               f"{STOCK}?received_at__date__gte=2024-01-01"),
        **{f"search: {what}": (f"{DESK}?{urlencode({'q': typed})}", f"{STOCK}?{urlencode({'q': typed})}")
           for what, typed in searches.items()},
    }  # fmt: skip


def signed_in(username: str) -> Client:
    """Return the browser of somebody with this role, and put the stock site beside the desk."""
    from clinic import urls  # noqa: PLC0415  Django is set up by now

    urls.urlpatterns.insert(0, path("stock/", stock_site().urls))
    clear_url_caches()
    person = get_user_model().objects.get(username=username)
    person.is_staff = True  # Django's own site asks for it
    person.save()
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def times(browser: Client, ours: str, theirs: str, rounds: int, clock: Callable[[], float]) -> tuple[float, float]:
    """Return the median seconds of each of the two pages, asked in turn."""
    taken: dict[str, list[float]] = {ours: [], theirs: []}
    for turn in range(rounds + 2):
        for address, seconds in taken.items():
            start = clock()
            answer = browser.get(address)
            assert answer.status_code == 200, address
            if turn > 1:  # the first two warm it up
                seconds.append(clock() - start)
    return median(taken[ours]), median(taken[theirs])


if __name__ == "__main__":
    sys.exit(main())

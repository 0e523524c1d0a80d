"""What `tests.load.desk` asks for: its pages, a receptionist who is signed in, and the database's own processes.

Imported once Django is set up.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from contact.admin.tabs import TABS
from contact.models import Enquiry
from tests.load.bench import TICKS, Case

DESK = "/django-admin/"
LIST = f"{DESK}contact/enquiry/"
# Shown, with no goal: the promise names the panel, the list, its filters and the search.
WITHOUT_GOAL = ("one enquiry", "numbers")
OK = 200


class DeskCase(Case):
    """A page of the desk; `database_costs`: what PostgreSQL's own processes took beside the server's."""

    database_costs: list[float]

    def run(self) -> None:
        self.database_costs = getattr(self, "database_costs", [])
        before = _database_seconds()
        super().run()
        # With the requests that warm it up: a tenth too much, at worst.
        self.database_costs.append((_database_seconds() - before) / self.number)


def _database_seconds() -> float:
    return sum(map(_seconds_of, _database_processes()))


def _database_processes() -> list[int]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _seconds_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # it has ended since it was counted
        return 0
    return (int(fields[11]) + int(fields[12])) / TICKS


def pages() -> dict[str, str]:
    """Return the address of each page by its name; what is searched for is somebody who is there."""
    person = Enquiry.objects.filter(status="closed").exclude(phone="").order_by("received_at")[100]
    first, last = person.name.split()
    searches = {
        "a first name (thousands)": first,
        "three letters": "mar",
        "first and last name": f"{first} {last}",
        "last name's beginning": last[:5],
        "e-mail": person.email,
        "phone": person.phone,
        "last four digits": person.phone[-4:],
        "reference": person.reference,
        "nobody": "Nobody Nowhere",
    }
    narrowed = urlencode({"show": "closed", "topic": "fees", "way": "phone", "since": "2020-01-01"})
    return {
        "front panel": DESK,
        "list as it opens": LIST,
        **{f"quick filter: {tab.label}": f"{LIST}?show={tab.slug}" for tab in TABS},
        "closed, narrowed, from a day on": f"{LIST}?{narrowed}",
        "all, page 40": f"{LIST}?show=all&p=40",
        **{f"search: {what}": f"{LIST}?{urlencode({'q': typed})}" for what, typed in searches.items()},
        "one enquiry": f"{LIST}{person.pk}/change/",
        "numbers": f"{LIST}numbers/",
    }


def signed_in(username: str) -> Client:
    """Return this person's browser, with the second step done."""
    # Collected after Django was set up: the names of the files have to be read once more.
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        staticfiles_storage.hashed_files, _ = staticfiles_storage.load_manifest()
    person = User.objects.get(username=username)
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    device = TOTPDevice.objects.create(user=person, name="for the load test", confirmed=True)
    session = browser.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return browser


def queries_of(browser: Client, address: str) -> int:
    """Return how often the page asks the database once the process is warm."""
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    if answer.status_code != OK:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
    return len(captured)

"""What the tests of enquiries need: posted answers, stored enquiries, browsers, several people at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from contact.models import Enquiry, Message
from contact.models.message import MessageType

Result = TypeVar("Result")


SAM = {
    "name": "Sam Sample", "email": "sam@example.com", "phone": "(867) 555-0142", "preferred_contact": "email",
    "topic": "treatment", "message": "Do you have time next week?",
}  # fmt: skip


def answers(**changed: str) -> dict[str, str]:
    """Return a filled-in form as a browser posts it."""
    return SAM | {"best_time": "morning", "about": "", "website": ""} | changed


def send_form(*, from_address: str = "203.0.113.7", **changed: str) -> Enquiry:
    """Send the form as a browser does; return the enquiry that was stored last."""
    browser = Client(headers={"Sec-Fetch-Site": "same-origin"}, REMOTE_ADDR=from_address)
    response = browser.post("/enquiry/", answers(**changed))
    assert response.status_code == 303, response.content.decode()
    return Enquiry.all_objects.latest("pk")


def make_enquiry(**fields: Any) -> Enquiry:
    return Enquiry.objects.create(**SAM | fields)


def make_message(**fields: Any) -> Any:
    """Return a `Message`; mypy would not know that it is about an enquiry."""
    fields = {"kind": MessageType.STAFF_NOTIFICATION, "recipient": "desk@example.org"} | fields
    return Message.objects.create(enquiry=fields.pop("enquiry", None) or make_enquiry(), **fields)


def browser_of(person: User) -> Client:
    """Return a browser of its own, in which this person has signed in."""
    client = Client()
    client.force_login(person)
    return client


def hours_ago(hours: float) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def at_once(*calls: Callable[[], Result]) -> list[Result]:
    """Make each call in its own thread, all of them started together; return what they returned."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))

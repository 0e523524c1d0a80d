"""Prove that patients can write to us: as an anonymous visitor, through the public address, cache and proxy included.

Each step is timed and recorded with the run. What was sent is removed at the end, however it ends.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from django import forms
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from clinic.lib.logs import log_failure
from contact.form.forms import EnquiryForm
from contact.form.rendering import missing_controls
from contact.intake import canary
from contact.models import Enquiry, Message, SyntheticCheck
from contact.models.enquiry import REFERENCE
from contact.models.monitoring import AlarmType
from contact.models.settings import proof_address
from contact.monitoring import alarms
from contact.monitoring.synthetic_check import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS_TO_DELIVER = 120
SECONDS_BETWEEN_LOOKS = 1.0
NAME = "Proof that the form works"
# Numbers from 555-0100 to 555-0199 are nobody's.
PHONE = "867-555-0199"
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
INTERRUPTED = "It was interrupted"


class NotProvenError(Exception):
    """A step did not show what it has to; the words name the step and hold nothing of a patient."""


def prove(url: str = "", *, seconds_to_deliver: float = SECONDS_TO_DELIVER) -> SyntheticCheck:
    """Go the whole way through `url` (the public address; `SITE_URL` when empty), and return what was recorded.

    Needs a worker that sends mail meanwhile. Raises or ends the alarm, tells the second channel, and calls
    `HEARTBEAT_URL` after a success. Through any other address than the site's own it is a trial: recorded, and told
    to nobody. Raises `ValueError` when the address is none.
    """
    base = url or settings.SITE_URL
    if urlsplit(base).scheme not in {"http", "https"} or not urlsplit(base).hostname:
        raise ValueError(f"“{base}” is not an address like https://clinic.example.")
    canary.remove_left()
    run = SyntheticCheck.objects.create(url=base, is_trial=not is_the_site(base))
    walk = Walk(base, run, seconds_to_deliver)
    # Until the whole way is gone: whoever stops the process in the middle has proven nothing.
    error = INTERRUPTED
    try:
        walk.walk()
        error = ""
    except NotProvenError as reason:
        error = str(reason)
    except Exception as failure:
        error = f"The proof itself failed: {type(failure).__name__}"
        log_failure("The proof that the form works failed", failure)
        raise
    finally:
        if error == INTERRUPTED:
            # In the middle of a question, perhaps: PostgreSQL's driver takes no other on that connection.
            connection.close()
        walk.clean_up()
        run.steps, run.error, run.passed = walk.steps, error, not error
        # An interrupted run stays unfinished: it says neither that the form works nor that it does not.
        run.finished_at = None if error == INTERRUPTED else timezone.now()
        run.save()
        if run.finished_at and not run.is_trial:
            _tell(run)
    return run


def is_the_site(address: str) -> bool:
    """Say whether this is the public address. On a developer's machine each of its own addresses and ports is."""
    asked, site = urlsplit(address), urlsplit(settings.SITE_URL)
    if asked.hostname in THIS_MACHINE and site.hostname in THIS_MACHINE:
        return True
    return (asked.scheme, asked.netloc.lower()) == (site.scheme, site.netloc.lower())


def work() -> str:
    """Prove it, for the clock. Raises `NotProvenError`, so that it is tried again soon."""
    run = prove()
    if not run.passed:
        raise NotProvenError(run.error)
    return "proven"


@dataclass
class Walk:
    base: str
    run: SyntheticCheck
    seconds_to_deliver: float
    steps: list[dict[str, Any]] = field(default_factory=list)
    reference: str = ""

    def walk(self) -> None:
        html = ""
        for path in pages_with_the_form():
            with self.step(f"form on {path}"):
                html = self.fetch_form(path)
        with self.step("send"):
            receipt = self.send(html)
        with self.step("receipt"):
            self.reference = self.read_receipt(receipt)
        with self.step("stored"):
            enquiry = self.find_stored()
        with self.step("accepted by the mail server"):
            self.wait_until_sent(enquiry)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done within, and record whether it went well. An address that does not answer is a failure."""
        began = time.monotonic()
        is_good = False
        try:
            yield
            is_good = True
        except OSError as error:
            raise NotProvenError(f"{name}: no answer ({type(error).__name__})") from error
        except NotProvenError as error:
            raise NotProvenError(f"{name}: {error}") from error
        finally:
            milliseconds = round((time.monotonic() - began) * 1000)
            self.steps.append({"step": name, "milliseconds": milliseconds, "is_good": is_good})

    def fetch_form(self, path: str) -> str:
        """Return the page after seeing that each control of the form is there."""
        answer = browser.get(urljoin(self.base, path))
        if answer.status != HTTPStatus.OK:
            raise NotProvenError(f"answered {answer.status}")
        if missing := missing_controls(answer.html):
            raise NotProvenError(f"the form has lost {', '.join(missing)}")
        if not browser.enquiry_form(answer.html, self.base).action:
            raise NotProvenError("the form is sent nowhere")
        return answer.html

    def send(self, html: str) -> str:
        """Send the form of the page, as it came, with a canary; return the receipt's address."""
        form = browser.enquiry_form(html, urljoin(self.base, reverse("enquiry")))
        if urlsplit(form.action).netloc != urlsplit(self.base).netloc:
            raise NotProvenError(f"the form is sent to another host, {urlsplit(form.action).netloc}")
        answer = browser.post(form.action, form.fields | self.answers() | {canary.FIELD: canary.sign(self.run)})
        if answer.status != HTTPStatus.SEE_OTHER:
            raise NotProvenError(f"answered {answer.status}")
        return answer.location

    def answers(self) -> dict[str, str]:
        """Return something for each question of the form."""
        run = f"Run {self.run.pk} of {self.run.started_at:%Y-%m-%d %H:%M:%S}"
        special = {"name": NAME, "email": proof_address(), "phone": PHONE}
        return {name: special.get(name) or sample(field) or run for name, field in EnquiryForm.answer_fields().items()}

    def read_receipt(self, address: str) -> str:
        """Return the reference that the receipt gives the patient."""
        answer = browser.get(address)
        found = REFERENCE.search(re.sub(r"<[^>]*>", " ", answer.html))
        if answer.status != HTTPStatus.OK or not found:
            raise NotProvenError(f"answered {answer.status}, {'no' if not found else 'a'} reference on it")
        return found[0]

    def find_stored(self) -> Enquiry:
        found = Enquiry.all_objects.filter(reference=self.reference).first()
        if found is None:
            raise NotProvenError("the enquiry is not in the database")
        if not found.is_canary:
            raise NotProvenError("it was stored as a patient's enquiry; it waits at the desk")
        form = EnquiryForm(self.answers())
        form.is_valid()
        if lost := [name for name, answer in form.answers.items() if getattr(found, name) != answer]:
            raise NotProvenError(f"not stored as it was sent: {', '.join(lost)}")
        return found

    def wait_until_sent(self, enquiry: Enquiry) -> None:
        until = time.monotonic() + self.seconds_to_deliver
        while not Message.objects.filter(enquiry=enquiry).exclude(sent_at=None).exists():
            if time.monotonic() > until:
                raise NotProvenError(f"not within {self.seconds_to_deliver:.0f} seconds")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def clean_up(self) -> None:
        """Remove the canary, also one whose receipt never arrived: no other run's, and nobody's enquiry."""
        words = f"Run {self.run.pk} of "
        Enquiry.all_objects.filter(is_canary=True, message__startswith=words).delete()


def sample(field: forms.Field) -> str:
    """Return an answer that the field accepts, or nothing for free text."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next(value for value, _label in choices if value)
    return "on" if isinstance(field, forms.BooleanField) else ""


def pages_with_the_form() -> list[str]:
    """Return the path of each published page that shows the form, and at last of the form's own page."""
    pages = Page.objects.live().public().specific().iterator()
    shown = [page.get_url_parts() for page in pages if getattr(page, "shows_enquiry_form", False)]
    return [parts[2] for parts in shown if parts and parts[2]] + [reverse("enquiry")]


def _tell(run: SyntheticCheck) -> None:
    if run.passed:
        alarms.end_alarm(AlarmType.FORM_CHECK_FAILED)
    else:
        alarms.raise_alarm(AlarmType.FORM_CHECK_FAILED, run.error)
    alarms.send_alarms()
    if run.passed and settings.HEARTBEAT_URL:
        _beat(settings.HEARTBEAT_URL)


def _beat(url: str) -> None:
    """Tell the outside watcher that all is well. That it does not answer is its own matter."""
    try:
        browser.get(url)
    except OSError as error:
        log_failure("The address of HEARTBEAT_URL does not answer", error)

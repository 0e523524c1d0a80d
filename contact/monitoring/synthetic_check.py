"""Check that patients can write to us: fill in the form through the public address, as an anonymous visitor would.

The form carries a signed canary (`SyntheticCheck.canary`), so that its enquiry never reaches the desk. Each step is
timed and recorded. The enquiry is removed at the end; if the check was killed, by the next one.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from clinic.lib.logs import failures_logged, log_failure
from contact.form.forms import EnquiryForm
from contact.form.rendering import missing_controls
from contact.models import Enquiry, Message, SyntheticCheck
from contact.models.enquiry import REFERENCE
from contact.models.monitoring import CANARY_FIELD, AlarmType
from contact.models.settings import proof_address
from contact.monitoring import alarms

SECONDS_TO_ANSWER = 20
SECONDS_TO_DELIVER = 120
POLL_SECONDS = 1.0
NAME = "Synthetic check"
# 555-0100 to 555-0199 are reserved for fictional use.
PHONE = "867-555-0199"
# No check takes so long: its canary was left behind.
LEFT_AFTER = timedelta(minutes=15)
# The values of a form before anyone types, by the names of its fields.
Fields = dict[str, str]


class CheckFailedError(Exception):
    """A step failed. The text names the step and contains nothing about a patient."""


def check_form(url: str = "", *, seconds_to_deliver: float = SECONDS_TO_DELIVER) -> SyntheticCheck:
    """Check the form through `url` (`SITE_URL` if empty), and return the recorded result.

    A worker has to be running to send the mail. Raises or ends the alarm, and calls `HEARTBEAT_URL` after a success.
    Through any address other than `SITE_URL` it is a trial: recorded, but without alarm or heartbeat.
    Raises `ValueError` if `url` is not an http(s) address.
    """
    base = url or settings.SITE_URL
    if urlsplit(base).scheme not in {"http", "https"} or not urlsplit(base).hostname:
        raise ValueError(f"“{base}” is not an address like https://clinic.example.")
    is_trial = base.rstrip("/").lower() != settings.SITE_URL.rstrip("/").lower()
    check = SyntheticCheck.objects.create(url=base, is_trial=is_trial)
    visit = Visit(check, seconds_to_deliver)
    try:
        visit.run()
    except CheckFailedError as reason:
        check.error = str(reason)
    except Exception as failure:  # noqa: BLE001  whatever it is, the form was not checked, and someone has to be told
        check.error = f"The check itself failed: {type(failure).__name__}"
        log_failure("The check of the form failed", failure)
    finally:
        remove_canaries(check)
    # A check that is interrupted stays unfinished: it says nothing about the form.
    check.passed, check.finished_at = not check.error, timezone.now()
    check.save()
    if not is_trial:
        _report(check)
    return check


def remove_canaries(check: SyntheticCheck, now: datetime | None = None) -> None:
    """Remove this check's enquiry, even if its receipt never arrived, and what a check that was killed left behind."""
    left = Q(message__startswith=f"Check {check.pk} of ") | Q(received_at__lte=(now or timezone.now()) - LEFT_AFTER)
    Enquiry.all_objects.filter(left, is_canary=True).delete()


def daily_check() -> str:
    """Run the check as a job. Raises `CheckFailedError`, so that the scheduler tries again soon."""
    check = check_form()
    if not check.passed:
        raise CheckFailedError(check.error)
    return "passed"


@dataclass
class Visit:
    check: SyntheticCheck
    seconds_to_deliver: float
    reference: str = ""

    def run(self) -> None:
        action, fields = "", Fields()
        for path in pages_with_the_form():
            with self.step(f"form on {path}"):
                action, fields = self.fetch_form(path)
        with self.step("send"):
            receipt = self.send(action, fields)
        with self.step("receipt"):
            self.reference = self.read_receipt(receipt)
        with self.step("stored"):
            enquiry = self.find_stored()
        with self.step("accepted by the mail server"):
            self.wait_until_sent(enquiry)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step and record whether it passed; no answer is a failure, too."""
        began = time.monotonic()
        step: dict[str, Any] = {"step": name, "passed": False}
        self.check.steps.append(step)
        try:
            yield
            step["passed"] = True
        except Exception as error:
            reason = str(error) if isinstance(error, CheckFailedError) else f"no answer ({type(error).__name__})"
            raise CheckFailedError(f"{name}: {reason}") from error
        finally:
            step["milliseconds"] = round((time.monotonic() - began) * 1000)

    def fetch_form(self, path: str) -> tuple[str, Fields]:
        """Return where the form of this page is sent, and its fields. It must have every control."""
        url = urljoin(self.check.url, path)
        answer = ask("GET", url)
        if answer.status_code != HTTPStatus.OK:
            raise CheckFailedError(f"answered {answer.status_code}")
        if missing := missing_controls(answer.text):
            raise CheckFailedError(f"the form is missing {', '.join(missing)}")
        form = BeautifulSoup(answer.text, "html.parser").select_one("form#enquiry[action]")
        if form is None:
            raise CheckFailedError("the form has no address to send to")
        inputs = form.select("input[name]:not([type=radio], [type=checkbox], [type=submit])")
        return urljoin(url, str(form["action"])), {str(one["name"]): str(one.get("value", "")) for one in inputs}

    def send(self, action: str, fields: Fields) -> str:
        """Send the form with a canary, as a browser does; return the address of the receipt."""
        if urlsplit(action).netloc != urlsplit(self.check.url).netloc:
            raise CheckFailedError(f"the form is sent to another host, {urlsplit(action).netloc}")
        signed = {CANARY_FIELD: self.check.canary}
        origin = {"Origin": urljoin(action, "/").rstrip("/"), "Sec-Fetch-Site": "same-origin"}
        answer = ask("POST", action, headers=origin, data=fields | self.answers() | signed)
        if answer.status_code != HTTPStatus.SEE_OTHER:
            raise CheckFailedError(f"answered {answer.status_code}")
        return urljoin(action, answer.headers.get("Location", ""))

    def answers(self) -> dict[str, str]:
        text = f"Check {self.check.pk} of {self.check.started_at:%Y-%m-%d %H:%M:%S}"
        special = {"name": NAME, "email": proof_address(), "phone": PHONE}
        return {name: special.get(name) or sample(field) or text for name, field in EnquiryForm.answer_fields().items()}

    def read_receipt(self, url: str) -> str:
        answer = ask("GET", url)
        found = REFERENCE.search(re.sub(r"<[^>]*>", " ", answer.text))
        if answer.status_code != HTTPStatus.OK or not found:
            raise CheckFailedError(f"answered {answer.status_code}, {'with' if found else 'without'} a reference")
        return found[0]

    def find_stored(self) -> Enquiry:
        enquiry = Enquiry.all_objects.filter(reference=self.reference).first()
        if enquiry is None:
            raise CheckFailedError("the enquiry is not in the database")
        if not enquiry.is_canary:
            raise CheckFailedError("it was stored as a patient's enquiry, and is waiting at the desk")
        form = EnquiryForm(self.answers())
        form.is_valid()
        if lost := [name for name, answer in form.answers.items() if getattr(enquiry, name) != answer]:
            raise CheckFailedError(f"not stored as it was sent: {', '.join(lost)}")
        return enquiry

    def wait_until_sent(self, enquiry: Enquiry) -> None:
        until = time.monotonic() + self.seconds_to_deliver
        while not Message.objects.filter(enquiry=enquiry).exclude(sent_at=None).exists():
            if time.monotonic() > until:
                raise CheckFailedError(f"not within {self.seconds_to_deliver:.0f} seconds")
            time.sleep(POLL_SECONDS)


def sample(field: forms.Field) -> str:
    """Return an answer that the field accepts, or "" for free text."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next(value for value, _label in choices if value)
    return "on" if isinstance(field, forms.BooleanField) else ""


def pages_with_the_form() -> list[str]:
    """Return the path of each published page with the form, and then of the form's own page."""
    pages = Page.objects.live().public().specific().iterator()
    urls = [page.get_url_parts() for page in pages if getattr(page, "shows_enquiry_form", False)]
    return [parts[2] for parts in urls if parts and parts[2]] + [reverse("enquiry")]


def _report(check: SyntheticCheck) -> None:
    alarms.set_alarm(AlarmType.FORM_CHECK_FAILED, check.error)
    # At once, also where no worker is running: then the check fails for just that reason.
    alarms.send_alarms()
    if check.passed and settings.HEARTBEAT_URL:
        # An outside monitor that is down says nothing about the form.
        with failures_logged("HEARTBEAT_URL does not answer", OSError):
            ask("GET", settings.HEARTBEAT_URL)


def ask(method: str, url: str, *, headers: Fields | None = None, data: Fields | None = None) -> requests.Response:
    """Follow no redirect. Raises `OSError` if there is no answer."""
    headers = {"User-Agent": "ClinicCheck/1 (this site's own)", "Accept": "text/html"} | (headers or {})
    return requests.request(method, url, headers=headers, data=data, timeout=SECONDS_TO_ANSWER, allow_redirects=False)

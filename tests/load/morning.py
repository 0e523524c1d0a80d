"""A made-up morning at reception, from the forms that patients send to the empty desk: `python -m tests.load.morning`.

Sixty enquiries: ten of spam, two with warning signs, three whose mail comes back, one sent five times by an angry
finger, the others calm. Everything goes through the real addresses: the form, a mail server, the mailbox of what came
back, the desk. It ends with an error when anything is lost, sent twice, left on the desk or not on record.
`--database postgres://…` for PostgreSQL, else SQLite.
"""

from __future__ import annotations

import argparse
import mailbox
import os
import re
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

from tests.contact.mail_server import MailServer
from tests.contact.reports import report
from tests.load.temporary_site import temporary_site
from tests.markup import Markup

SPAM, FLAGGED, BOUNCED, CLICKS = 10, 2, 3, 5
CALM = 60 - SPAM - FLAGGED - BOUNCED - 1
ADVERTISING = "We sell SEO services: first page of Google! https://seo.example https://links.example casino backlinks"
LIST = "/django-admin/contact/enquiry/"


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--database", default=os.environ.get("LOAD_DATABASE_URL", ""))
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder, MailServer() as server:
        values = {
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "BOUNCES_URL": f"maildir://{folder}/bounces",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "REQUIRE_SECOND_FACTOR": "false",
        }
        with temporary_site(asked.database, **values) as kind:
            morning = Morning(server, mailbox.Maildir(Path(folder, "bounces"), factory=None))
            morning.patients_write()
            morning.mail_goes_out_and_comes_back()
            morning.reception_works()
            morning.mail_goes_out_and_comes_back()
            return morning.report(kind)


class Morning:
    def __init__(self, server: MailServer, came_back: mailbox.Maildir) -> None:
        from django.contrib.auth.models import Group, User  # noqa: PLC0415  Django is set up by now
        from django.core.management import call_command  # noqa: PLC0415  as above
        from django.test import Client  # noqa: PLC0415  as above

        call_command("collectstatic", interactive=False, verbosity=0)
        self.server, self.came_back = server, came_back
        self.patient, self.desk = Client(HTTP_SEC_FETCH_SITE="same-origin"), Client()
        self.receptionist = User.objects.create_user("reception", "reception@example.org")
        self.receptionist.groups.add(Group.objects.get(name="Reception"))
        self.desk.force_login(self.receptionist)
        self.sent = 0
        self.warned = 0

    # Patients

    def patients_write(self) -> None:
        for number in range(CALM):
            self.write(number, message="Do you have time next week?")
        for number in range(SPAM):
            self.write(number, "spam", message=f"{ADVERTISING} {number}", website="https://seo.example")
        for number in range(FLAGGED):
            self.write(number, "urgent", message="Since this morning I cannot breathe properly and have chest pain.")
        for number in range(BOUNCED):
            self.write(number, "gone", message="Please write back.", phone="867-555-0199", preferred_contact="email")
        for _ in range(CLICKS):
            self.write(0, "angry", message="Why does nothing happen when I press this?!")

    def write(self, number: int, kind: str = "calm", **changed: str) -> None:
        """Send the form and, where it first shows the emergency wording, send it anyway."""
        from contact.monitoring.synthetic_check.browser import enquiry_form  # noqa: PLC0415  Django is set up by now

        page = self.patient.get("/enquiry/").content.decode()
        answers = {"name": f"Sample {kind} {number}", "email": f"{kind}{number}@example.com", "topic": "appointment"}
        sender = f"10.0.{len(kind)}.{number + 1}"
        response = self.send(enquiry_form(page, "").fields | answers | changed, sender)
        if response.status_code == 200:
            self.warned += 1
            shown = response.content.decode()
            response = self.send(enquiry_form(shown, "").fields | answers | changed, sender)
        if response.status_code != 303 or self.patient.get(response["Location"]).status_code != 200:
            raise SystemExit(f"{kind} {number} was not received: {response.status_code}.")
        self.sent += 1

    def send(self, answers: dict[str, str], sender: str) -> Any:
        return self.patient.post("/enquiry/", answers, REMOTE_ADDR=sender)

    def mail_goes_out_and_comes_back(self) -> None:
        from django.core.management import call_command  # noqa: PLC0415  Django is set up by now

        before = len(self.server.mails)
        call_command("deliver_messages", stdout=StringIO())
        for mail in self.server.mails[before:]:
            if str(mail["To"]).startswith("gone") and "Auto-Submitted" in mail:
                self.came_back.add(report(str(mail["Message-ID"])))
        call_command("collect_bounces", stdout=StringIO())

    # Reception

    def reception_works(self) -> None:
        """Empty the desk as its front panel says: those with warning signs, the unreached, the tray, the others."""
        for tab in ("flagged", "undelivered"):
            for pk in self.listed(tab):
                self.open(pk)
                self.log_call(pk)
        suspects = self.listed("suspected")
        self.desk.get(f"{LIST}?show=suspected")
        self.desk.post(f"{LIST}?show=suspected", {"action": "mark_spam", "_selected_action": suspects, "index": 0})
        while waiting := self.listed("waiting"):
            pk = waiting[0]
            self.open(pk)
            address = f"{LIST}{pk}/reply/"
            page = Markup(self.desk.get(address).content.decode())
            inputs = [element.attributes for element in page.elements if element.tag == "input"]
            sent = [one for one in inputs if one.get("type") != "radio" or "checked" in one]
            known = {
                one["name"]: one["value"] for one in sent if one.get("name") in {"recipient", "message_id", "seen"}
            }
            words = {"text": "Thank you for writing. We have time on Tuesday.", "is_answer": "on"}
            if self.desk.post(address, known | words).status_code != 302:
                raise SystemExit(f"The reply to {pk} was refused.")

    def listed(self, tab: str) -> list[int]:
        html = self.desk.get(f"{LIST}?show={tab}").content.decode()
        return list(dict.fromkeys(int(pk) for pk in re.findall(r'href="(\d+)/change/', html)))

    def open(self, pk: int) -> None:
        if self.desk.get(f"{LIST}{pk}/change/").status_code != 200:
            raise SystemExit(f"Enquiry {pk} cannot be opened.")

    def log_call(self, pk: int) -> None:
        shown = {"status": "new", "initial-status": "new", "seen_revision": "0"}
        call = {"call-outcome": "reached_answered", "call-text": "", "_call": "yes"}
        if self.desk.post(f"{LIST}{pk}/change/", shown | call).status_code != 302:
            raise SystemExit(f"A call about {pk} was refused.")

    # The end of the morning

    def report(self, kind: str) -> int:
        from contact.models import Enquiry, EnquiryEvent, Message  # noqa: PLC0415  Django is set up by now
        from contact.workflow.overview import overview  # noqa: PLC0415  as above

        desk = overview(self.receptionist)
        events = {(event.reference, event.kind) for event in EnquiryEvent.objects.all()}
        worked_on = Enquiry.objects.exclude(status="spam")
        checks = {
            "forms that were sent": (self.sent, 59 + CLICKS),
            "enquiries stored": (Enquiry.objects.count(), 60),
            "shown the emergency wording first": (self.warned, FLAGGED),
            "answered": (Enquiry.objects.filter(status="answered").count(), 60 - SPAM),
            "spam, without a mail": (Enquiry.objects.filter(status="spam", messages=None).count(), SPAM),
            "left on the desk": (desk.waiting + desk.suspected + desk.undelivered + desk.flagged, 0),
            "mails not sent": (Message.objects.unsent().count(), 0),
            "mails sent twice": (self.server.taken.total() - len(self.server.taken), 0),
            "mails that came back": (Message.objects.exclude(bounced_at=None).count(), BOUNCED),
            "enquiries without record of their arrival": (self.without(events, Enquiry.objects, {"received"}), 0),
            "answers without record of who looked": (self.without(events, worked_on, {"seen"}), 0),
            "answers without record of how": (self.without(events, worked_on, {"called", "replied"}), 0),
        }
        print(f"{kind}: a morning of {Enquiry.objects.count()} enquiries")  # noqa: T201  its report
        for what, (found, expected) in checks.items():
            print(f"  {found:>4}  {what}" + ("" if found == expected else f": expected {expected}"))  # noqa: T201  its report
        return int(any(found != expected for found, expected in checks.values()))

    @staticmethod
    def without(events: set[tuple[str, str]], enquiries: Any, kinds: set[str]) -> int:
        return sum(
            not any((reference, kind) in events for kind in kinds)
            for reference in enquiries.values_list("reference", flat=True)
        )


if __name__ == "__main__":
    sys.exit(main())

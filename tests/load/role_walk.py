"""Ask for every address as every role, with GET and with POST: `python -m tests.load.role_walk`.

Prints how many answers were given and refused, and each that is wrong: given to someone without the permission, 5xx,
or with a patient's name for someone who may not see enquiries. POSTs have no fields; each request is rolled back.
`--database postgres://…` for PostgreSQL, else SQLite.
"""

import itertools
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.load.temporary_site import HOST, arguments, temporary_site

ANONYMOUS, NO_GROUP, ASKED, SUPERUSER = "anonymous", "no group", "asked about one enquiry", "superuser"
ROLES = (ANONYMOUS, NO_GROUP, "Physiotherapists", ASKED, "Reception", "Managers", SUPERUSER)
# Two more: someone who may enter one of the admins, and has no other permission.
ENTRY = ("wagtailadmin.access_admin", "contact.view_enquiry")
ADMINS = ("/admin/", "/django-admin/")
SEES_ENQUIRIES = {"Reception", "Managers", SUPERUSER, "contact.view_enquiry"}
METHODS = ("GET", "POST")
PATIENT = "Quillon Zephyrine"
REFUSED = {403, 404, 405, 410}
SERVER_ERROR = 500
# Signing in and out, and what the pages for it are made of.
FOR_EVERYONE = re.compile(r"/(admin|django-admin)/(login|logout|password_reset|jsi18n|sprite)/")
# What the permission to enter is for: one's own account, the enquiries at the desk, and windows without any content.
ENTERED = re.compile(
    r"/admin/((account|dismissibles|guide|choose-(external|email|phone|anchor)-link)/)?$"
    r"|/django-admin/((password_change|contact/enquiry|contact/message)/.*)?$"
)


@dataclass(frozen=True)
class Answer:
    role: str
    method: str
    address: str
    status: int
    location: str
    names_patient: bool

    @property
    def is_refusal(self) -> bool:
        """Whether it is an error, or only leads to a page that asks again."""
        to = self.location.partition("?")[0]
        elsewhere = (
            to in {"/", *ADMINS} or to.endswith("/login/") or (to != self.address and to.startswith(self.address))
        )
        return self.status in REFUSED or elsewhere

    @property
    def fault(self) -> str:
        """What is wrong with this answer; empty if nothing is."""
        if self.status >= SERVER_ERROR and not self.address.startswith(("/healthz", "/readyz")):
            return "5xx"
        may_name = "/enquiry/sent/" in self.address or (
            self.role == ASKED and self.address.startswith("/admin/shared-enquiries/")
        )
        if self.names_patient and self.role not in SEES_ENQUIRIES and not may_name:
            return "names a patient"
        if self.is_refusal or not self.address.startswith(ADMINS) or FOR_EVERYONE.match(self.address):
            return ""
        if self.role in {ANONYMOUS, NO_GROUP} or (self.role in ENTRY and not ENTERED.match(self.address)):
            return "asks for no permission"
        return ""

    @property
    def result(self) -> str:
        return self.fault or ("refused" if self.is_refusal else "given")

    def __str__(self) -> str:
        return f"{self.role} {self.method} {self.address} → {self.status} {self.location}"


def walk(roles: Iterable[str], addresses: list[str]) -> Iterator[Answer]:
    """Ask for each address with each method as a user of each role."""
    for role in roles:
        client = Client(raise_request_exception=False, headers={"Host": HOST})
        if user := person(role):
            client.force_login(user)
        session = {name: cookie.value for name, cookie in client.cookies.items()}
        for address, method in itertools.product(addresses, METHODS):
            client.cookies = SimpleCookie(session)  # signing out is rolled back too
            with transaction.atomic():
                response = client.generic(method, address, "", "application/x-www-form-urlencoded")
                text = b"" if response.streaming else response.content
                location = response.get("Location", "")
                yield Answer(role, method, address, response.status_code, location, PATIENT.encode() in text)
                transaction.set_rollback(True)


def person(role: str) -> Any:
    """Return a user of this role, or `None` for a visitor."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415  Django is set up by now

    from contact.models import Enquiry, Share  # noqa: PLC0415  as above
    from tests.factories import make_person  # noqa: PLC0415  as above

    if role == ANONYMOUS:
        return None
    if role == SUPERUSER:
        return get_user_model().objects.create_superuser(role)
    if role == ASKED:
        user = make_person("Physiotherapists", username=role)
        Share.objects.create(enquiry=Enquiry.objects.get(name=PATIENT), user=user, until=timezone.localdate())
        return user
    user = make_person("" if role in {NO_GROUP, *ENTRY} else role, username=role)
    if role in ENTRY:
        app, codename = role.split(".")
        user.user_permissions.set(Permission.objects.filter(content_type__app_label=app, codename=codename))
    return user


def main() -> int:
    asked = arguments(__doc__)
    with temporary_site(asked.database, DJANGO_SETTINGS_MODULE="clinic.settings.test") as kind:
        from tests.load.addresses import every_address  # noqa: PLC0415  Django is set up by now

        addresses = every_address(PATIENT)
        answers = list(walk((*ROLES, *ENTRY), addresses))
    faults = [answer for answer in answers if answer.fault]
    lines = [f"{kind}: {len(addresses)} addresses × {', '.join(METHODS)}"]
    for role in (*ROLES, *ENTRY):
        results = Counter(answer.result for answer in answers if answer.role == role)
        lines.append(f"  {role}: " + ", ".join(f"{number} {result}" for result, number in sorted(results.items())))
    lines += [f"  {answer.fault}: {answer}" for answer in faults]
    lines.append(f"{len(answers)} answers, {len(faults)} faults")
    print("\n".join(lines))  # noqa: T201  its report
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

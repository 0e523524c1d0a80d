"""The audit as one page that needs nothing else: to be printed, signed and kept. What falls short stands first."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from clinic.lib.logs import log_failure
from clinic.models import ClinicDetails
from contact.privacy.audit import accounts, clinic, people, running, server
from contact.privacy.audit.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    people.roles_and_members, people.who_may_see_enquiries, people.second_step, people.superusers, people.last_sign_ins,
    people.passwords, people.failed_sign_ins, people.help_with_signing_in,
    accounts.who_looked, accounts.is_it_recorded, accounts.what_left_the_site, accounts.deleted_on_time,
    accounts.the_ledger, accounts.legal_holds, accounts.long_open,
    running.worker, running.jobs, running.proof, running.alarms, running.mail, running.backups, running.restores,
    server.encryption, server.cookies, server.secrets, server.mail_server, server.database, server.files,
    server.deployment,
    clinic.privacy_contact, clinic.privacy_notice, clinic.where_it_is_kept, clinic.warning_signs, clinic.licences,
)  # fmt: skip
LAW = "Yukon, Health Information General Regulation, s. 14(1)(c)"
READABLE_BY_ITS_OWNER = 0o600


@dataclass(frozen=True)
class Audit:
    clinic: str
    made_at: datetime
    findings: tuple[Finding, ...]

    @property
    def short(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.falls_short]

    @property
    def holds(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.falls_short]

    def as_html(self) -> str:
        return render_to_string("contact/audit.html", {"audit": self, "law": LAW})


def audit(now: datetime | None = None) -> Audit:
    """Look at everything, now. A check that fails is a finding too: what could not be looked at falls short."""
    now = now or timezone.now()
    details = ClinicDetails.objects.first() or ClinicDetails()
    return Audit(details.name, now, tuple(_look(check, now) for check in CHECKS))


def write(html: str, target: Path | None = None) -> Path:
    """Write the report where only the site's own account can read it; `DATA_DIR/state/audits` unless told otherwise."""
    if target is None:
        folder = settings.STATE_DIR / "audits"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / f"audit-{timezone.localdate():%Y-%m-%d}.html"
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, READABLE_BY_ITS_OWNER)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, READABLE_BY_ITS_OWNER)  # of a file that was there before, too
        file.write(html)
    return target


def _look(check: Callable[[datetime], Finding], now: datetime) -> Finding:
    try:
        return check(now)
    except Exception as error:  # noqa: BLE001  one fault must not hide the other findings; it is logged and reported
        log_failure(f"The audit could not look at {check.__name__}", error)
        title = check.__name__.replace("_", " ").capitalize()
        return Finding(title, "Could not be looked at.", [type(error).__name__], "Look for it in the site's log.")

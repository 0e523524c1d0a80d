"""The audit of safeguards that the Health Information General Regulation, s. 14(1)(c), requires every two years.

Each check is one function that looks at the running site and returns a state and a sentence. There is no patient's data
in any of them.
"""

import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import checks
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from clinic.backup import archive
from clinic.lib.logs import log_failure
from clinic.models import ClinicDetails
from clinic.sign_in.people import active_users
from contact.intake.promise import time_and_day
from contact.models import DeskSettings, EnquiryEvent, Share
from contact.models.event import EventType
from contact.monitoring import health
from contact.privacy.deletion import due


class State(StrEnum):
    OK = "ok"
    ATTENTION = "attention"
    FAILED = "failed"


OK, ATTENTION, FAILED = State
Finding = tuple[State, str]

LONG_UNUSED = timedelta(days=90)
OVERDUE = timedelta(days=2)
BACKUP_EVERY = timedelta(days=2)
MOST_SUPERUSERS = 2
MANY_FAILURES = 100  # failed sign-ins in 90 days; more than people mistype


class Result(NamedTuple):
    title: str
    state: State
    sentence: str


def _attention(is_wrong: object, problem: str, otherwise: str) -> Finding:
    return (ATTENTION, problem) if is_wrong else (OK, otherwise)


def _usernames(*conditions: Q, **filters: object) -> str:
    return ", ".join(active_users().filter(*conditions, **filters).values_list("username", flat=True))


def accounts_and_roles(_now: datetime) -> Finding:
    """Who is in which role, and which enquiries are shared with someone else."""
    people = {"Administrators": _usernames(is_superuser=True)}
    people |= {group.name: _usernames(groups=group) for group in Group.objects.order_by("name")}
    shares = Share.objects.current().values_list("user__username").annotate(Count("pk")).order_by("user__username")
    people |= {f"Shared with {name}": f"{number} of the enquiries" for name, number in shares}
    wrong = {
        "In no role": _usernames(groups=None, is_superuser=False),
        "Without a person's name, so that no one knows who did what": _usernames(first_name="", last_name=""),
    }
    what_to_do = "".join(f" {problem}: {names}." for problem, names in wrong.items() if names)
    if active_users().filter(is_superuser=True).count() > MOST_SUPERUSERS:
        what_to_do += f" More than {MOST_SUPERUSERS} administrators are too many."
    roles = "; ".join(f"{role}: {names or 'none'}" for role, names in people.items())
    return _attention(what_to_do, f"{roles}.{what_to_do}", f"{roles}.")


def second_step_at_sign_in(_now: datetime) -> Finding:
    without = _usernames(~Q(totpdevice__confirmed=True))
    if not settings.REQUIRE_SECOND_FACTOR:
        return FAILED, f"Not required. Set REQUIRE_SECOND_FACTOR=true. Accounts without one: {without or 'none'}."
    problem = f"Required; still to be set up at the next sign-in: {without}."
    return _attention(without, problem, "Required, and set up for every account.")


def unused_accounts(now: datetime) -> Finding:
    since = now - LONG_UNUSED
    names = _usernames(Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since))
    problem = f"No sign-in for {LONG_UNUSED.days} days: {names}. Deactivate those of people who have left."
    return _attention(names, problem, f"Every account was used or created in the last {LONG_UNUSED.days} days.")


def failed_sign_ins(now: datetime) -> Finding:
    number = AccessFailureLog.objects.filter(attempt_time__gte=now - LONG_UNUSED).count()
    sentence = f"{number} in {LONG_UNUSED.days} days."
    return _attention(number >= MANY_FAILURES, f"{sentence} Someone may be guessing.", sentence)


def exports_made(now: datetime) -> Finding:
    exports = EnquiryEvent.objects.filter(kind__in=(EventType.EXPORTED, EventType.DISCLOSED), at__gte=now - LONG_UNUSED)
    names = ", ".join(exports.order_by("actor_name").values_list("actor_name", flat=True).distinct())
    return OK, f"{exports.count()} in {LONG_UNUSED.days} days{f', by {names}' if names else ''}."


def deletion_on_time(now: datetime) -> Finding:
    if late := due(now - OVERDUE).count():
        return FAILED, f"{late} should have been deleted more than two days ago. Run “manage.py purge_enquiries”."
    return OK, "No enquiry is stored here longer than the retention settings allow."


def system_status(now: datetime) -> Finding:
    """The worker, the daily check of the form, alarms and backups, as on the dashboard."""
    (status, is_ok), desk = health.status_line(now), DeskSettings.load()
    if not is_ok:
        return FAILED, f"{status}. Managers see more on the desk's front page, under System status."
    unset = "No alarm address is set, so no one would be notified (Settings, Enquiry desk)."
    return _attention(not (desk.alarm_email or desk.alarm_webhook), f"{status}. {unset}", f"{status}.")


def backup(now: datetime) -> Finding:
    """The worker proves each of its backups by restoring it: when that last succeeded."""
    proven_at = archive.proven_at()
    if proven_at is None:
        return ATTENTION, "No backup was proven. The worker makes one each night once BACKUP_RECIPIENT is set."
    # A time in the future means that a clock is wrong.
    is_recent = timedelta(minutes=-5) <= now - proven_at <= BACKUP_EVERY
    return (OK if is_recent else FAILED), f"Last made and proven at {time_and_day(proven_at, timezone.localdate())}."


def secure_settings(_now: datetime) -> Finding:
    """HTTPS redirect, HSTS, secure cookies, secret key and DEBUG: what `manage.py check --deploy` says."""
    found = checks.run_checks(include_deployment_checks=True)
    wrong = [one for one in found if one.level >= checks.WARNING and not one.is_silenced()]
    if wrong:
        return FAILED, "; ".join(f"{one.msg.partition('. ')[0]} ({one.id})" for one in wrong)
    return OK, "“manage.py check --deploy” found no problems."


def encrypted_connections(_now: datetime) -> Finding:
    host, options = connection.settings_dict.get("HOST"), connection.settings_dict.get("OPTIONS", {})
    is_local = not host or str(host).startswith(("/", "localhost", "127.", "::1"))
    if not (is_local or options.get("sslmode") in {"require", "verify-ca", "verify-full"}):
        return FAILED, "The connection to the database is not encrypted: add ?sslmode=verify-full to DATABASE_URL."
    if not (settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS):
        return FAILED, "The connection to the mail server is not encrypted: see EMAIL_URL."
    return OK, "The connections to the mail server and the database are encrypted or stay on this machine."


def files_on_the_server(_now: datetime) -> Finding:
    paths = [settings.STATE_DIR, settings.STATE_DIR.parent]
    if connection.vendor == "sqlite":
        paths.append(Path(str(connection.settings_dict["NAME"])))
    opens = {True: stat.S_IWOTH, False: stat.S_IROTH | stat.S_IWOTH}  # a folder, a file
    present = [path for path in paths if path.exists()]
    if readable := ", ".join(path.name for path in present if path.stat().st_mode & opens[path.is_dir()]):
        return FAILED, f"Open to other accounts of the server: {readable}. Use UMask=0027, chmod 750 and 640."
    return OK, "Except for root, no other account of the server can read the database or change what the site writes."


def privacy_contact(_now: datetime) -> Finding:
    details = ClinicDetails.objects.first()
    if details and details.privacy_contact_name and details.privacy_contact_email:
        return OK, f"{details.privacy_contact_name}, {details.privacy_contact_email}."
    return FAILED, "Name a person and an e-mail address (Settings, Clinic details)."


# A check's title is its name. They run in this order.
CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    accounts_and_roles, second_step_at_sign_in, unused_accounts,
    failed_sign_ins, exports_made, deletion_on_time, system_status, backup, secure_settings, encrypted_connections,
    files_on_the_server, privacy_contact,
)  # fmt: skip


def run_audit(now: datetime | None = None) -> list[Result]:
    """Run every check; failed ones come first, then those that need attention. A check that raises has failed."""
    now = now or timezone.now()
    results = [_run(check, now) for check in CHECKS]
    return sorted(results, key=lambda result: [FAILED, ATTENTION, OK].index(result.state))


def _run(check: Callable[[datetime], Finding], now: datetime) -> Result:
    title = check.__name__.replace("_", " ").replace("sign in", "sign-in").capitalize()
    try:
        return Result(title, *check(now))
    except Exception as error:  # noqa: BLE001  one error must not hide the other results; it is logged and reported
        log_failure(f"The audit check “{title}” raised an error", error)
        return Result(title, FAILED, f"The check itself failed ({type(error).__name__}). See the site's log.")

"""Who can sign in, and how safely."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import ModelLogEntry

from clinic.sign_in import devices, limits
from clinic.sign_in.people import people
from contact.privacy.audit.finding import Finding, counted, finding, moment

if TYPE_CHECKING:
    from datetime import datetime

LONG_AWAY = timedelta(days=90)
MOST_SUPERUSERS = 2
SHORTEST_PASSWORD = 12
LOOK_BACK = timedelta(days=90)
# So many wrong passwords or codes in that time are more than people mistype.
MANY_FAILURES = 100


def roles_and_members(_now: datetime) -> Finding:
    groups = Group.objects.prefetch_related("user_set").order_by("name")
    members = {group.name: [user.get_username() for user in group.user_set.all() if user.is_active] for group in groups}
    without = list(people().filter(groups=None, is_superuser=False).values_list("username", flat=True))
    found = [f"{role}: {', '.join(sorted(names)) or 'nobody'}" for role, names in members.items()]
    found += [f"In no role: {', '.join(without)}"] if without else []
    return finding(
        "Roles and their members",
        "Which active accounts are in which role.",
        found,
        wrong=without,
        to_do="Put these accounts into a role, or switch them off (Wagtail admin, Settings, Users).",
    )


def who_may_see_enquiries(_now: datetime) -> Finding:
    may_see = "contact.view_enquiry"
    readers = [person for person in people() if person.has_perm(may_see)]
    shared = [person.get_username() for person in readers if not person.get_full_name()]
    return finding(
        "Who can open enquiries",
        "Active accounts with that permission, by name, so that a record of activity names a person.",
        [f"{person.get_username()} ({person.get_full_name() or 'no name'})" for person in readers] or ["Nobody"],
        wrong=shared,
        to_do=f"Give each account the name of its one person: {', '.join(shared)}. An account that several share "
        "records nobody.",
    )


def last_sign_ins(now: datetime) -> Finding:
    since = now - LONG_AWAY
    away = Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
    unused = list(people().filter(away).values_list("username", flat=True))
    return finding(
        "Last sign-ins",
        f"When each account that can sign in last did; {LONG_AWAY.days} days without are too many.",
        [f"{person.get_username()}: last signed in {moment(person.last_login)}" for person in people()] or ["Nobody"],
        wrong=unused,
        to_do=f"Ask whether these people still work here, and switch off the accounts of those who do not: "
        f"{', '.join(unused)}.",
    )


def superusers(_now: datetime) -> Finding:
    names = list(people().filter(is_superuser=True).values_list("username", flat=True))
    return finding(
        "Administrators",
        f"Accounts that may do everything; more than {MOST_SUPERUSERS} are too many.",
        names or ["None"],
        wrong=len(names) > MOST_SUPERUSERS,
        to_do="Take “Administrator” away from those who do not need it each week.",
    )


def second_step(_now: datetime) -> Finding:
    with_one = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    everybody = list(people())
    without = [person.get_username() for person in everybody if person.pk not in with_one]
    found = [f"{person.get_username()}: {'set up' if person.pk in with_one else 'none'}" for person in everybody]
    required = settings.REQUIRE_SECOND_FACTOR
    found.append(f"Required of everybody: {'yes' if required else 'no'}")
    to_do = "" if required else "Set REQUIRE_SECOND_FACTOR=true. "
    to_do += f"Let these people set it up at their next sign-in: {', '.join(without)}." if without else ""
    return finding(
        "Second step of signing in",
        "Whether a code from a phone is needed besides the password, and who has set it up.",
        found,
        wrong=without or not required,
        to_do=to_do.strip(),
    )


def passwords(_now: datetime) -> Finding:
    rules: dict[str, dict[str, int]] = {
        rule["NAME"].rpartition(".")[2]: rule.get("OPTIONS", {}) for rule in settings.AUTH_PASSWORD_VALIDATORS
    }
    shortest = int(rules.get("MinimumLengthValidator", {}).get("min_length", 0))
    unusable = sum(not person.has_usable_password() for person in people())
    return finding(
        "Passwords",
        "The rules for new passwords, and accounts without one.",
        [*(f"{name}" + (f": {shortest}" if "Length" in name else "") for name in rules), f"Without one: {unusable}"],
        wrong=shortest < SHORTEST_PASSWORD or "CommonPasswordValidator" not in rules,
        to_do=f"Ask for {SHORTEST_PASSWORD} characters or more and refuse common ones (clinic/settings/sign_in.py).",
    )


def failed_sign_ins(now: datetime) -> Finding:
    failures = AccessFailureLog.objects.filter(attempt_time__gte=now - LOOK_BACK)
    unknown = failures.filter(username__startswith=limits.UNKNOWN).count()
    number, locked = failures.count(), failures.filter(locked_out=True).count()
    last = failures.values_list("attempt_time", flat=True).order_by("-attempt_time").first()
    by_name = {person.get_username(): failures.filter(username=person.get_username()).count() for person in people()}
    return finding(
        "Failed sign-ins",
        f"Wrong passwords and codes of the last {LOOK_BACK.days} days, for known names and for names nobody has.",
        [
            f"{counted(number, 'failure')}, {locked} of them locked out; the last: {moment(last)}",
            f"For names that nobody has: {unknown}",
            *(f"{name}: {times}" for name, times in by_name.items() if times),
        ],
        wrong=number >= MANY_FAILURES,
        to_do="Somebody may be guessing. Ask the people named above, let them change their passwords, and see that "
        "each has a second step.",
    )


def help_with_signing_in(now: datetime) -> Finding:
    words = {
        devices.REMOVED: "second step taken away",
        limits.UNLOCKED: "unlocked",
        devices.CODE_USED: "recovery code",
    }
    entries = ModelLogEntry.objects.filter(action__in=words, timestamp__gte=now - timedelta(days=730))
    return finding(
        "Help with signing in",
        "Second steps that were taken away, accounts unlocked and recovery codes used in the last two years.",
        [
            f"{moment(entry.timestamp)}: {entry.label}, {words[entry.action]}, by {entry.user_display_name}"
            for entry in entries.order_by("-timestamp")[:50]
        ]
        or ["None"],
        wrong=False,
        to_do="",
    )

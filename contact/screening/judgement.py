"""Everything that is found out about an enquiry before it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contact.models import DeskSettings
from contact.screening import spam
from contact.screening.senders import count_from

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True)
class Arrival:
    """How an enquiry came, apart from what was answered.

    `sender_hash`: from where, see `contact.screening.senders`; `red_flags`: the warning signs in it, which the person
    was shown before sending it anyway; `canary`: the sign that the site sent it itself, if any.
    """

    headers_missing: bool = False
    sender_hash: str = ""
    red_flags: tuple[str, ...] = ()
    canary: str = ""


@dataclass(frozen=True)
class Judgement:
    """Whether it looks like advertising; `reasons` are in words, for the desk."""

    score: int = 0
    reasons: tuple[str, ...] = ()
    is_suspected: bool = False


def judge(answers: Mapping[str, Any], arrival: Arrival, now: datetime) -> Judgement:
    """Judge a checked form's answers by what managers set. Raises `django.db.Error` when that cannot be read."""
    desk = DeskSettings.objects.first() or DeskSettings()
    found = spam.signs(
        f"{answers['name']}\n{answers['message']}",
        phrases=desk.spam_phrases.splitlines(),
        honeypot_filled=bool(answers["website"]),
        headers_missing=arrival.headers_missing,
        from_this_address=count_from(arrival.sender_hash, now) + 1,
        most_from_one_address=desk.most_from_one_address,
    )
    return Judgement(
        score=spam.score(found),
        reasons=tuple(sign.reason for sign in found),
        # Machines do not read the emergency wording and press “Send anyway”, and nobody who may need help waits.
        is_suspected=spam.is_over(found, desk.spam_line) and not arrival.red_flags,
    )

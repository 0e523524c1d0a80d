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
class Judgement:
    """How an enquiry came, and what was thought of it: stored beside the patient's words."""

    headers_missing: bool = False
    sender_hash: str = ""
    red_flags: tuple[str, ...] = ()
    score: int = 0
    reasons: tuple[str, ...] = ()
    is_suspected: bool = False


def judge(
    answers: Mapping[str, Any], *, headers_missing: bool, sender: str, red_flags: tuple[str, ...], now: datetime
) -> Judgement:
    """Judge a checked form's answers by what managers set. Raises `django.db.Error` when nothing can be read."""
    desk = DeskSettings.load()
    found = spam.signs(
        f"{answers['name']}\n{answers['message']}",
        phrases=desk.spam_phrases.splitlines(),
        honeypot_filled=bool(answers["website"]),
        headers_missing=headers_missing,
        from_this_address=count_from(sender, now) + 1,
        most_from_one_address=desk.most_from_one_address,
    )
    return Judgement(
        headers_missing=headers_missing,
        sender_hash=sender,
        red_flags=red_flags,
        score=spam.score(found),
        reasons=tuple(sign.reason for sign in found),
        # Machines do not read the emergency wording and press “Send anyway”, and nobody who may need help waits.
        is_suspected=spam.is_over(found, desk.spam_line) and not red_flags,
    )

"""What the clock does each night: see whether the ledger adds up, close, delete, and look at the ledger again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contact.privacy.retention.closing import close_answered
from contact.privacy.retention.deletion import purge
from contact.privacy.retention.verification import verify_and_tell

if TYPE_CHECKING:
    from datetime import datetime


def tidy(now: datetime | None = None) -> str:
    """Do all of it, each safe to be done twice, and say in a few words what was done."""
    # Before anything is added: what was done to the ledger since last night is seen as it was left. What is due is
    # deleted all the same, as nobody may be kept longer for it.
    verdicts = [verify_and_tell()]
    closed = close_answered(now)
    purged = purge(now)
    verdicts.append(verify_and_tell())
    broken = any(verdict.faults for verdict in verdicts)
    return f"{closed} closed, {purged}, ledger {'broken' if broken else 'unbroken'}"

"""What the clock does each night: close, delete, and see whether the ledger adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contact.retention.closing import close_answered
from contact.retention.deletion import purge
from contact.retention.verification import verify_and_tell

if TYPE_CHECKING:
    from datetime import datetime


def tidy(now: datetime | None = None) -> str:
    """Do all three, each safe to be done twice, and say in a few words what was done."""
    closed = close_answered(now)
    purged = purge(now)
    verdict = verify_and_tell()
    return f"{closed} closed, {purged}, ledger {'broken' if verdict.faults else 'unbroken'}"

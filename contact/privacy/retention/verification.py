"""Does the ledger add up? Rows that were changed, taken away, put in or exchanged are named, each with its number."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from contact.models import EnquiryEvent, PurgeRun
from contact.models.event import EventType
from contact.models.watch import AlarmType
from contact.monitoring.alarms import end_alarm, raise_alarm
from contact.privacy.retention import ledger, witness

if TYPE_CHECKING:
    from collections.abc import Collection

SAID = re.compile(r"^Purge (\d+)(?:: ([0-9a-f]{64}))?$")


@dataclass
class Verdict:
    """What was found: the last row and its hash, `head`; `faults` are sentences, and empty when the ledger adds up."""

    rows: int = 0
    last: int = 0
    head: str = ""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if self.faults:
            more = f" And {len(self.faults) - 1} more." if len(self.faults) > 1 else ""
            return self.faults[0] + more
        return f"{self.rows} rows, unbroken, last hash {self.head}" if self.rows else "no rows yet"


@dataclass
class _Recorded:
    """What the record of events says: the hashes that each row was written with, and how many enquiries went."""

    hashes: dict[int, set[str]] = field(default_factory=dict)
    enquiries: Counter[int] = field(default_factory=Counter)


def verify(*, ask_outside: bool = True) -> Verdict:
    """Compare each row with its hash, with the row before it, with the events, and with the file outside."""
    # In this order: what somebody deletes meanwhile is in the rows when it is in what was read before them.
    verdict = Verdict()
    said_outside = ledger.said_against() if ask_outside else ""
    recorded = _recorded()
    previous: PurgeRun | None = None
    for run in PurgeRun.objects.order_by("number").iterator():
        verdict.rows += 1
        verdict.faults += _faults(run, previous)
        if run.number not in recorded.hashes:
            latest = _recorded(run.number)
            recorded.hashes |= latest.hashes
            recorded.enquiries |= latest.enquiries
        verdict.faults += _contradictions(run, recorded)
        previous = run
    verdict.last, verdict.head = (previous.number, previous.hash) if previous else (0, "")
    verdict.faults += [
        f"Row {number} is missing: the events record that it was written."
        for number in sorted(recorded.hashes)
        if number > verdict.last
    ]
    verdict.faults += [said_outside] if said_outside else []
    return verdict


def verify_and_tell(*, restored: bool = False) -> Verdict:
    """Verify, raise the alarm or end it, and let the file outside know the last row when all is well.

    `restored`: the file outside is not asked; it is made anew from a ledger that adds up without it.
    """
    verdict = verify(ask_outside=not restored)
    if verdict.faults:
        raise_alarm(AlarmType.LEDGER_BROKEN, str(verdict))
        return verdict
    end_alarm(AlarmType.LEDGER_BROKEN)
    if verdict.rows:
        witness.keep(verdict.last, verdict.head)
    elif restored:
        witness.forget()
    return verdict


def _faults(run: PurgeRun, previous: PurgeRun | None) -> list[str]:
    """Return what is wrong with the row itself, and with its place after the one before it."""
    faults = []
    expected = previous.number + 1 if previous else 1
    if run.number != expected:
        missing = f"Row {expected} is" if run.number == expected + 1 else f"Rows {expected} to {run.number - 1} are"
        faults.append(f"{missing} missing.")
    elif run.previous_hash != (previous.hash if previous else ""):
        before = f"the row {previous.number} that is there" if previous else "nothing, as the first row has to"
        faults.append(f"Row {run.number} was not written after {before}.")
    if ledger.hash_of(run) != run.hash:
        faults.append(f"Row {run.number} was changed after it was written.")
    return faults


def _contradictions(run: PurgeRun, recorded: _Recorded) -> list[str]:
    """Return where the record of events tells otherwise than the row."""
    hashes = recorded.hashes.get(run.number)
    if not hashes:
        return [f"Row {run.number} was put in: the events do not record that it was written."]
    faults = []
    if hashes != {run.hash}:
        faults.append(f"Row {run.number} is not the one, or not the only one, that the events record.")
    if recorded.enquiries[run.number] != run.total:
        faults.append(
            f"Row {run.number} accounts for {run.total} enquiries, the events for {recorded.enquiries[run.number]}."
        )
    return faults


def _recorded(number: int | None = None) -> _Recorded:
    """Return what the events say of all rows, or of one."""
    events = EnquiryEvent.objects.filter(kind__in=(EventType.PURGED, EventType.ERASED))
    if number is not None:
        name = str(PurgeRun(number=number))
        events = events.filter(Q(detail=name) | Q(detail__startswith=f"{name}: "))
    return _read(events.order_by().values_list("detail").annotate(Count("pk")))


def _read(said: Collection[tuple[str, int]]) -> _Recorded:
    recorded = _Recorded()
    for detail, count in said:
        if found := SAID.match(detail):
            number = int(found[1])
            if found[2]:
                recorded.hashes.setdefault(number, set()).add(found[2])
            else:
                recorded.enquiries[number] += count
    return recorded

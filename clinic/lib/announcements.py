"""Which notices run at a moment, and when that changes next: pure functions; all moments are aware."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.blocks import DateTimeBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_MOMENT = DateTimeBlock()


@dataclass(frozen=True)
class Notice:
    """`page`: the number of the page that says more, if any. Runs from `starts` on, until just before `ends`."""

    text: str
    starts: datetime
    ends: datetime
    is_urgent: bool = False
    page: int | None = None

    def runs(self, now: datetime) -> bool:
        return self.starts <= now < self.ends


def notice_from(raw: Mapping[str, Any]) -> Notice:
    """Return the notice that a stream keeps in these values."""
    starts, ends = (_MOMENT.to_python(raw[name]) for name in ("starts", "ends"))
    return Notice(raw["text"], starts, ends, raw["level"] == "urgent", raw["page"])


def running(notices: Iterable[Notice], now: datetime) -> list[Notice]:
    """Return the notices that are to be shown, the urgent ones first, else in the editor's order."""
    return sorted((notice for notice in notices if notice.runs(now)), key=lambda notice: not notice.is_urgent)


def next_change(notices: Iterable[Notice], now: datetime) -> datetime | None:
    """Return the next moment at which a notice starts or ends; None when nothing is planned."""
    moments = (moment for notice in notices for moment in (notice.starts, notice.ends))
    return min((moment for moment in moments if moment > now), default=None)

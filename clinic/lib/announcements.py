"""Announcements: which are current, and when this changes next. All times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.blocks import DateTimeBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_DATE_TIME = DateTimeBlock()


@dataclass(frozen=True)
class Announcement:
    """Shown from `starts` until just before `ends`; `page_id` is the page with more about it, if any."""

    text: str
    starts: datetime
    ends: datetime
    is_urgent: bool = False
    page_id: int | None = None

    @classmethod
    def from_raw(cls, value: Mapping[str, Any]) -> Announcement:
        """Take a block's raw value, as the stream stores it."""
        starts, ends = (_DATE_TIME.to_python(value[name]) for name in ("starts", "ends"))
        return cls(value["text"], starts, ends, value["level"] == "urgent", value["page"])

    def is_current(self, now: datetime) -> bool:
        return self.starts <= now < self.ends


def current(announcements: Iterable[Announcement], now: datetime) -> list[Announcement]:
    """Return those to show now, urgent ones first, otherwise in the editor's order."""
    return sorted((one for one in announcements if one.is_current(now)), key=lambda one: not one.is_urgent)


def next_change(announcements: Iterable[Announcement], now: datetime) -> datetime | None:
    """Return when the next one starts or ends; None if none will."""
    times = (time for one in announcements for time in (one.starts, one.ends))
    return min((time for time in times if time > now), default=None)

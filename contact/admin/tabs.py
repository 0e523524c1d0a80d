"""The quick filters over the list of enquiries: whose turn it is, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Q, Value, When

from contact.models.enquiry import WAITING, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from contact.models import Enquiry
    from contact.workflow.overview import Desk

# 0 with a warning sign, 1 without: those come first while they wait.
CALM = Case(When(red_flags=[], then=Value(1)), default=Value(0))

STATE, RECEIVED, ANSWER_BY = "State", "Received", "Answer by"


@dataclass(frozen=True)
class Order:
    """By these columns, the first deciding; "-" turns one round. The last is unique, so that a place is a place."""

    columns: tuple[str, ...]

    def of(self, enquiries: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
        if "calm" in self.columns:
            enquiries = enquiries.annotate(calm=CALM)
        return enquiries.order_by(*self.columns)

    def reverse(self) -> Order:
        return Order(tuple(name[1:] if name.startswith("-") else f"-{name}" for name in self.columns))

    def after(self, enquiry: Enquiry) -> Q:
        """Return the condition for all that come after this one, whether or not it is still among them."""
        place = {"calm": int(not enquiry.red_flags), "received_at": enquiry.received_at, "pk": enquiry.pk}
        condition, same = Q(), Q()
        for column in self.columns:
            name = column.removeprefix("-")
            beyond = "lt" if column.startswith("-") else "gt"
            condition |= same & Q(**{f"{name}__{beyond}": place[name]})
            same &= Q(**{name: place[name]})
        first = self.columns[0]
        if first.endswith("received_at"):
            # Said once more, as one range: SQLite takes no index for an "or".
            condition &= Q(**{f"received_at__{'lte' if first.startswith('-') else 'gte'}": enquiry.received_at})
        return condition


LONGEST_FIRST = Order(("calm", "received_at", "pk"))
NEWEST_FIRST = Order(("-received_at", "-pk"))


@dataclass(frozen=True)
class Tab:
    """`empty` is what stands there when there is nothing; `actions` what is offered for those ticked.

    `since` and `by` head the columns of how long somebody waits and by when we answer, or of when it came and ended.
    """

    slug: str
    label: str
    empty: str
    which: Callable[[Desk], Q]
    order: Order = NEWEST_FIRST
    actions: tuple[str, ...] = ()
    # Counted, and red while there is one.
    needs_action: bool = False
    since: str = "Waiting"
    by: str = ANSWER_BY

    @property
    def shows_status(self) -> bool:
        return self.since == STATE

    @property
    def is_done(self) -> bool:
        return self.by != ANSWER_BY


WAIT = Q(status__in=WAITING)
WORK = ("assign_to_me", "assign", "mark_answered", "mark_closed", "mark_spam")
AGAIN = ("mark_in_progress", "mark_closed")

TABS = (
    Tab("waiting", "Waiting", "Nobody waits.", lambda _desk: WAIT, LONGEST_FIRST, WORK),
    Tab(
        "overdue", "Overdue", "Nothing is overdue.",
        lambda desk: WAIT & Q(due_at__lt=desk.now), LONGEST_FIRST, WORK, needs_action=True,
    ),
    Tab("mine", "Mine", "None is yours.", lambda desk: WAIT & Q(assigned_to=desk.user), LONGEST_FIRST, WORK),
    Tab(
        "unassigned", "Nobody’s", "Each one that waits has somebody who answers.",
        lambda _desk: WAIT & Q(assigned_to=None), LONGEST_FIRST, WORK,
    ),
    Tab(
        "flagged", "Warning signs", "No warning sign waits.",
        lambda _desk: Q(status__in=(*WAITING, Status.SUSPECTED_SPAM)) & ~Q(red_flags=[]),
        LONGEST_FIRST, WORK, needs_action=True, since=STATE,
    ),
    Tab(
        "undelivered", "Undelivered", "No mail needs you.",
        lambda desk: Q(pk__in=desk.hanging), LONGEST_FIRST, WORK, needs_action=True,
    ),
    Tab(
        "suspected", "Suspected spam", "Nothing is suspected.",
        lambda _desk: Q(status=Status.SUSPECTED_SPAM), LONGEST_FIRST, ("mark_not_spam", "mark_spam"), since=RECEIVED,
    ),
    Tab("answered", "Answered", "None is answered and still open.", lambda _desk: Q(status=Status.ANSWERED),
        actions=AGAIN, since=RECEIVED, by="Answered"),
    Tab("closed", "Closed", "None is closed.", lambda _desk: Q(status=Status.CLOSED), actions=AGAIN[:1],
        since=RECEIVED, by="Closed"),
    Tab("spam", "Spam", "There is no spam.", lambda _desk: Q(status=Status.SPAM), actions=("mark_not_spam",),
        since=RECEIVED, by="Found to be spam"),
    Tab("all", "All", "No enquiry has come yet.", lambda _desk: Q(), actions=(*WORK, "mark_not_spam"), since=STATE),
)  # fmt: skip
BY_SLUG = {tab.slug: tab for tab in TABS}

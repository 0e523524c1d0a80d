"""What the list of enquiries is narrowed to: a quick filter, words to look for, and a few questions more.

One way for the list, for what is next in line, and for the export: all three read the list's own address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from contact.admin.tabs import BY_SLUG, TABS, Order, Tab
from contact.models import Enquiry, EnquiryWord
from contact.models.enquiry import as_reference

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from contact.workflow.overview import Desk


# The first and the last days that a computer knows have no day before or after them.
NEAR_ENOUGH = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))


class NarrowingForm(forms.Form):
    """The list's address, read; `q` is Django's name for what is looked for."""

    show = forms.ChoiceField(choices=[(tab.slug, tab.label) for tab in TABS], required=False)
    q = forms.CharField(required=False)
    topic = forms.ChoiceField(choices=Enquiry.Topic.choices, required=False)
    way = forms.ChoiceField(choices=Enquiry.PreferredContact.choices, required=False)
    colleague = forms.RegexField(r"\A[0-9]{1,9}\Z", required=False)
    since = forms.DateField(required=False, validators=NEAR_ENOUGH)
    until = forms.DateField(required=False, validators=NEAR_ENOUGH)


@dataclass(frozen=True)
class Narrowing:
    tab: Tab
    q: str = ""
    topic: str = ""
    way: str = ""
    colleague: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, address: QueryDict) -> Narrowing:
        """Read the part of the list's address after “?”; what makes no sense there is as if it were not there."""
        form = NarrowingForm(address)
        form.is_valid()
        asked: dict[str, Any] = form.cleaned_data
        # Whoever looks for a person means all of them, not those of one kind.
        show = asked.pop("show", "") or ("all" if asked.get("q") else "waiting")
        return cls(BY_SLUG[show], **asked)

    @property
    def order(self) -> Order:
        return self.tab.order

    @property
    def is_narrowed(self) -> bool:
        """Whether one of the further questions was answered."""
        return any((self.topic, self.way, self.colleague, self.since, self.until))

    @property
    def has_more(self) -> bool:
        """Whether anything else than the quick filter narrows it."""
        return bool(self.q) or self.is_narrowed

    def among(self, enquiries: QuerySet[Enquiry], desk: Desk) -> QuerySet[Enquiry]:
        """Return those that are asked for, in their order."""
        enquiries = enquiries.filter(self.tab.which(desk))
        if self.q:
            enquiries = _found(enquiries, self.q)
        if self.topic:
            enquiries = enquiries.filter(topic=self.topic)
        if self.way:
            enquiries = enquiries.filter(preferred_contact=self.way)
        if self.colleague:
            enquiries = enquiries.filter(assigned_to=int(self.colleague))
        if self.since:
            enquiries = enquiries.filter(received_at__gte=_midnight(self.since))
        if self.until:
            enquiries = enquiries.filter(received_at__lt=_midnight(self.until + timedelta(days=1)))
        return self.order.of(enquiries)


def _found(enquiries: QuerySet[Enquiry], typed: str) -> QuerySet[Enquiry]:
    found = EnquiryWord.objects.found(typed)
    reference = as_reference(typed)
    number = Enquiry.objects.filter(reference=reference).values_list("pk", flat=True).first() if reference else None
    if number is None:
        return enquiries.filter(pk__in=found)
    # A name may look like a reference. By numbers: PostgreSQL reads all rows for an "or" of two indexes.
    return enquiries.filter(pk__in=[number, *found.values_list("enquiry", flat=True)])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

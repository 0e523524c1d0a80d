from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from services.models import ServicePage
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


@pytest.mark.parametrize(
    ("due", "is_overdue"), [(None, True), (TODAY - DAY, True), (TODAY, False), (TODAY + DAY, False)]
)
def test_a_review_is_overdue_from_the_day_after_it_was_due(due: date | None, is_overdue: bool) -> None:
    page = ServicePage(reviewed_by_id=1, last_reviewed=TODAY - 30 * DAY, review_due=due)
    assert (page.review_is_overdue, page.review_is_current) == (is_overdue, not is_overdue)


@pytest.mark.parametrize("make", [factories.make_service, factories.make_condition])
@pytest.mark.parametrize(("due", "is_overdue"), [(TODAY + 300 * DAY, False), (TODAY - DAY, True)])
def test_the_page_names_who_reviewed_it_and_when_and_whether_the_next_review_is_overdue(
    client: Client, make: Any, due: date, is_overdue: bool
) -> None:
    reviewed = make(reviewed_by=factories.make_practitioner(), last_reviewed=TODAY - 400 * DAY, review_due=due)
    # What a visitor reads on the page, without frame and style sheet.
    shown = Markup(client.get(reviewed.url).content.decode()).texts("main")[0]
    assert "Robin Sample" in shown
    assert "May 11, 2025" in shown
    assert ("overdue for review" in shown) is is_overdue
    assert ("June 14, 2026" in shown) is is_overdue


def test_a_page_stays_when_its_reviewer_is_deleted() -> None:
    factories.make_service(reviewed_by=(person := factories.make_practitioner()), last_reviewed=TODAY)
    person.delete()
    left = ServicePage.objects.get()
    assert (left.reviewed_by, left.review_is_current) == (None, False)

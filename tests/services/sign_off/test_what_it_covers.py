import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction

from clinic.models import PractitionerPage
from services.models import Evidence, ServicePage, SignOff
from tests import factories
from tests.services.sign_off.signed_page import DAY, TODAY, answer, draft, publish, shown, stored

pytestmark = pytest.mark.django_db


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
    text = shown(client, reviewed)
    assert "Robin Sample" in text
    assert "April 29, 2025" in text
    assert ("overdue for review" in text) is ("June 2, 2026" in text) is is_overdue


def test_a_page_stays_when_its_reviewer_is_deleted(page: ServicePage, robin: PractitionerPage) -> None:
    robin.delete()
    assert (stored(page).reviewed_by, stored(page).review_is_current) == (None, False)


CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({"title": "Dry needling"}, False),
    ({"introduction": "This cures everything, guaranteed."}, False),
    ({"helps_with": "Everything"}, False),
    ({"how_it_feels": "Nothing"}, False),
    ({"not_suitable_if": "No one"}, False),
    ({"body": json.dumps(factories.BODY[1:])}, False),
    ({"sources": "[]"}, False),
    ({"seo_title": "Needles", "search_description": "Needles", "share_title": "Needles", "slug": "needles"}, True),
    ({"body": json.dumps(factories.BODY).replace('{"type"', '{"id": "1234", "type"')}, True),
    ({"body": json.dumps(factories.BODY).replace("<p>", '\\n<p data-block-key=\\"a1\\">')}, True),
    ({"body": json.dumps([*factories.BODY, {"type": "fees", "value": {"heading": "", "note": ""}}])}, True),
]


@pytest.mark.parametrize(("changes", "is_covered"), CHANGES)
def test_the_sign_off_covers_what_patients_read(page: ServicePage, changes: dict[str, Any], is_covered: bool) -> None:
    assert publish(page, **changes).review_is_current is is_covered
    assert (stored(page).content_changed_on is None) is is_covered


def test_the_day_of_a_change_is_the_day_on_which_it_was_published(
    page: ServicePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = draft(page, None, introduction="It may help.")
    assert changed.needs_sign_off
    changed.save_revision()
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY + DAY)
    assert publish(page).content_changed_on == TODAY + DAY
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY + 2 * DAY)
    assert publish(page, introduction="It may help some.").content_changed_on == TODAY + DAY


def test_a_fee_is_not_covered_but_what_studies_found_is(page: ServicePage) -> None:
    factories.add_fee(page)
    assert publish(page).review_is_current
    finding = Evidence(finding="It may help.", certainty="low", source="A study", year=2020)
    assert not publish(page, evidence=[finding]).review_is_current
    factories.sign_off(stored(page), reviewed_by=page.reviewed_by)
    assert publish(page).review_is_current
    changed = stored(page).evidence.get()
    changed.finding = "It cures."
    assert not publish(page, evidence=[changed]).review_is_current


def test_saving_an_unchanged_form_keeps_the_sign_off(client: Client, page: ServicePage, manager: User) -> None:
    assert answer(client, page, manager, action__publish="1").status_code == 302
    assert stored(page).review_is_current


def reverted(page: ServicePage) -> ServicePage:
    """Publish an older version, which was never signed off."""
    unsigned = page.get_latest_revision()
    page = publish(page, introduction="Second")
    factories.sign_off(page, reviewed_by=page.reviewed_by)
    SignOff.objects.filter(revision=unsigned).delete()
    unsigned.publish()
    return stored(page)


def scheduled(page: ServicePage) -> ServicePage:
    draft(page, None, introduction="Later", go_live_at=timezone.now() + DAY)
    revision = stored(page).get_latest_revision()
    revision.publish()
    assert stored(page).review_is_current  # the published text is still the signed one
    new = revision.as_object()
    new.go_live_at = None
    new.save_revision().publish()
    return stored(page)


def copied(page: ServicePage) -> ServicePage:
    copy = CopyPageAction(page, update_attrs={"slug": "copy"}, keep_live=True).execute()
    return stored(copy)


def imported(page: ServicePage) -> ServicePage:
    new = ServicePage(title="New", reviewed_by=page.reviewed_by, last_reviewed=TODAY, review_due=TODAY + DAY)
    return stored(factories.add(new, page.get_parent()))


def tampered(page: ServicePage) -> ServicePage:
    """A revision that claims a sign-off."""
    draft(page, None, introduction="Cures", last_reviewed=TODAY, content_changed_on=None)
    stored(page).get_latest_revision().publish()
    return stored(page)


@pytest.mark.parametrize("evade", [reverted, scheduled, copied, imported, tampered])
def test_no_other_way_keeps_or_sets_a_sign_off(client: Client, page: ServicePage, evade: Any) -> None:
    left = evade(page)
    assert not left.review_is_current
    text = shown(client, left)
    assert "Checked by" not in text
    assert ("Not checked yet" in text) is (left.pk != page.pk)
    assert '"reviewedBy"' not in client.get(left.url).content.decode()


def test_the_text_that_was_signed_is_signed_again_when_it_comes_back(page: ServicePage) -> None:
    signed = page.get_latest_revision()
    assert not publish(page, introduction="Another").review_is_current
    signed.publish()
    assert stored(page).review_is_current

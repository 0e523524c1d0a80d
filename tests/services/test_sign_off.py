"""Clinical sign-off: who may give it, what it covers, what ends it, and that nothing else sets it.

Long: a signed page and its people are the background of all of them.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import PageLogEntry, TaskState

from clinic.models import DemoRecord, PractitionerPage
from services.models import ClinicalReviewTask, Evidence, ServicePage, SignOff
from services.models.review_task import needs_sign_off
from tests import factories
from tests.edit_form import answers_of
from tests.markup import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 3)
DAY = timedelta(days=1)
WORDS = {"body": json.dumps(factories.BODY), "sources": factories.SOURCES}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


@pytest.fixture
def robin(physio: User) -> PractitionerPage:
    """The physiotherapist with a valid licence."""
    return factories.make_practitioner(user=physio, licence_valid_until=TODAY)


@pytest.fixture
def author(db: None) -> User:
    return factories.make_person("Physiotherapists", "author")


@pytest.fixture
def page(robin: PractitionerPage) -> ServicePage:
    """A published treatment that Robin signed off a month ago."""
    page = factories.make_service(**WORDS)
    revision = page.save_revision()
    revision.publish()
    page = stored(page)
    factories.sign_off(page, reviewed_by=robin, last_reviewed=TODAY - 30 * DAY, revision=revision)
    return stored(page)


def stored(page: ServicePage) -> ServicePage:
    return ServicePage.objects.get(pk=page.pk)


def edit_address(page: ServicePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def draft(page: ServicePage, user: User | None, **changes: Any) -> ServicePage:
    """Store a draft with these changes; return it."""
    page = stored(page).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision(user=user)
    return page


def publish(page: ServicePage, **changes: Any) -> ServicePage:
    draft(page, None, **changes)
    stored(page).get_latest_revision().publish()
    return stored(page)


def shown(client: Client, page: ServicePage) -> str:
    return Markup(client.get(page.url).content.decode()).texts("main")[0]


def answer(client: Client, page: ServicePage, user: User, **more: str) -> Any:
    """Post the page's form as it stands, with these answers."""
    client.force_login(user)
    answers = answers_of(client.get(edit_address(page)).context["form"])
    return client.post(
        edit_address(page), answers | {"change": ""} | {key.replace("__", "-"): v for key, v in more.items()}
    )


def task_state(page: ServicePage) -> TaskState:
    state = page.current_workflow_task_state
    assert state
    return state


def start_sign_off(page: ServicePage, user: User) -> ClinicalReviewTask:
    """Submit the page, and let a manager approve it."""
    page = stored(page)
    page.get_workflow().start(page, user)
    manager = User.objects.filter(groups__name="Managers").first() or factories.make_person("Managers")
    page.current_workflow_task.on_action(task_state(page), manager, "approve")
    task = page.current_workflow_task
    assert isinstance(task, ClinicalReviewTask)
    return task


# Who


def no_account(person: PractitionerPage, page: ServicePage) -> None:
    person.user = None
    person.save()


def licence(until: date | None) -> Callable[[PractitionerPage, ServicePage], None]:
    def change(person: PractitionerPage, page: ServicePage) -> None:
        person.licence_valid_until = until
        person.save()

    return change


def unpublished(person: PractitionerPage, page: ServicePage) -> None:
    person.unpublish()


def author_too(person: PractitionerPage, page: ServicePage) -> None:
    draft(page, factories.make_person("Physiotherapists", "other"), introduction="Mine")
    draft(page, person.user, introduction="Ours")


def only_author(person: PractitionerPage, page: ServicePage) -> None:
    draft(page, person.user, introduction="My own words")
    # Someone else changes something that the sign-off does not cover.
    draft(page, factories.make_person("Managers", "other"), seo_title="IMS")


def nothing(person: PractitionerPage, page: ServicePage) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "may_sign"),
    [
        (nothing, True),
        (licence(TODAY), True),
        (author_too, True),
        (no_account, False),
        (licence(TODAY - DAY), False),
        (licence(None), False),
        (unpublished, False),
        (only_author, False),
    ],
)
def test_only_a_licensed_physiotherapist_who_is_not_the_only_author_signs(
    page: ServicePage, robin: PractitionerPage, physio: User, author: User, prepare: Any, may_sign: bool
) -> None:
    prepare(robin, page)
    SignOff.objects.update(review_due=TODAY)  # so that the task is not skipped
    task = start_sign_off(page, author)
    assert bool(task.get_actions(page, physio)) is may_sign
    assert TaskState.objects.reviewable_by(physio).exists() is may_sign
    if may_sign:
        task.on_action(task_state(page), physio, "approve")
        assert stored(page).last_reviewed == TODAY
    else:
        with pytest.raises(PermissionDenied):
            task.on_action(task_state(page), physio, "approve")
        assert SignOff.objects.count() == 1


@pytest.mark.parametrize("role", ["Managers", "Reception", "superuser", "author"])
def test_no_one_else_signs(page: ServicePage, author: User, role: str) -> None:
    person = author if role == "author" else factories.make_person("" if role == "superuser" else role)
    person.is_superuser = role == "superuser"
    person.save()
    draft(page, author, introduction="New")
    task = start_sign_off(page, author)
    assert task.get_actions(page, person) == []
    with pytest.raises(PermissionDenied):
        task.on_action(task_state(page), person, "approve")


def test_only_those_who_manage_users_link_an_account(client: Client, robin: PractitionerPage, physio: User) -> None:
    client.force_login(physio)
    form = client.get(reverse("wagtailadmin_pages:edit", args=[robin.pk])).context["form"]
    assert "user" not in form.fields


# What it writes


def test_signing_writes_reviewer_date_and_due_date_and_publishes(
    settings: Settings, page: ServicePage, robin: PractitionerPage, physio: User, author: User
) -> None:
    settings.CLINICAL_REVIEW_MONTHS = {"ServicePage": 6}
    draft(page, author, introduction="New words")
    task = start_sign_off(page, author)
    task.on_action(task_state(page), physio, "approve")
    page = stored(page)
    assert page.introduction == "New words"
    assert (page.reviewed_by, page.last_reviewed, page.review_due) == (robin, TODAY, date(2026, 12, 3))
    assert page.review_is_current
    signed = page.last_sign_off()
    assert signed
    assert (signed.user, signed.revision) == (physio, page.live_revision)


# What it covers

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
    (
        {
            "body": json.dumps(
                [*factories.BODY, {"type": "fees", "value": {"heading": "", "note": "", "treatment": None}}]
            )
        },
        True,
    ),
]


@pytest.mark.parametrize(("changes", "is_covered"), CHANGES)
def test_the_sign_off_covers_what_patients_read(page: ServicePage, changes: dict[str, Any], is_covered: bool) -> None:
    assert publish(page, **changes).review_is_current is is_covered
    assert (stored(page).content_changed_on is None) is is_covered


def test_a_fee_is_not_covered(page: ServicePage) -> None:
    factories.add_fee(page)
    assert publish(page).review_is_current


def test_what_studies_found_is_covered(page: ServicePage) -> None:
    finding = Evidence(finding="It may help.", certainty="low", source="A study", year=2020)
    assert not publish(page, evidence=[finding]).review_is_current
    factories.sign_off(stored(page), reviewed_by=page.reviewed_by)
    assert publish(page).review_is_current
    changed = stored(page).evidence.get()
    changed.finding = "It cures."
    assert not publish(page, evidence=[changed]).review_is_current


def test_saving_an_unchanged_form_keeps_the_sign_off(client: Client, page: ServicePage, manager: User) -> None:
    response = answer(client, page, manager, action__publish="1")
    assert response.status_code == 302
    assert stored(page).review_is_current


# What does not evade it


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


# The question


def test_a_changed_sentence_asks_and_drops_the_sign_off(client: Client, page: ServicePage, manager: User) -> None:
    response = answer(client, page, manager, introduction="It may help some people.", action__publish="1")
    html = response.content.decode()
    assert response.status_code == 200
    assert "does it change what patients read?" in html
    assert "It may help some people." in html  # nothing typed is lost
    assert stored(page).review_is_current
    answer(client, page, manager, introduction="It may help.", change="services.change_meaning", action__publish="1")
    text = shown(client, page)
    assert "Changed on June 3, 2026, being checked again" in text
    assert not stored(page).review_is_current
    assert PageLogEntry.objects.filter(page_id=page.pk, action="services.change_meaning", user=manager).exists()


def test_a_correction_of_spelling_keeps_the_sign_off_and_is_recorded(
    client: Client, page: ServicePage, author: User, manager: User
) -> None:
    answer(client, page, author, introduction="Spelt.", change="services.correct_spelling", action__submit="1")
    page.current_workflow_task.on_action(task_state(page), manager, "approve")
    page = stored(page)
    assert (page.introduction, page.live, page.review_is_current) == ("Spelt.", True, True)
    assert page.current_workflow_state is None
    entry = PageLogEntry.objects.get(action="services.correct_spelling")
    assert (entry.user, entry.revision) == (author, page.get_latest_revision())
    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    assert "corrects spelling" in history
    assert not publish(page, introduction="More").review_is_current


def test_a_draft_asks_nothing(client: Client, page: ServicePage, author: User) -> None:
    assert answer(client, page, author, introduction="Half a sent").status_code == 302


def test_an_unsigned_page_is_published_only_by_choice(
    client: Client, robin: PractitionerPage, author: User, manager: User
) -> None:
    page = factories.make_service(live=False, **WORDS)
    page.save_revision(user=author)
    refused = answer(client, page, manager, action__publish="1")
    assert "Submit it, or check this box" in refused.content.decode()
    assert not stored(page).live
    answer(client, page, manager, action__publish="1", publish_unchecked="on")
    assert "Not checked yet" in shown(client, stored(page))
    assert PageLogEntry.objects.filter(action="services.publish_unchecked", user=manager).exists()


@pytest.mark.parametrize("button", ["action__publish", "action__submit"])
@pytest.mark.parametrize("make", [factories.make_service, factories.make_condition])
def test_sources_are_required_to_publish(client: Client, manager: User, make: Any, button: str) -> None:
    page = make(body=WORDS["body"])
    more = {"publish_unchecked": "on", button: "1"}
    assert "Name at least one source" in answer(client, page, manager, **more).content.decode()
    assert answer(client, page, manager, introduction="A draft").status_code == 302


def test_treatments_are_not_published_in_bulk(client: Client, page: ServicePage, manager: User) -> None:
    draft(page, manager, introduction="New")
    client.force_login(manager)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={page.pk}")
    assert stored(page).introduction == ""


def test_a_copy_begins_as_a_draft(client: Client, page: ServicePage, manager: User) -> None:
    client.force_login(manager)
    form = client.get(reverse("wagtailadmin_pages:copy", args=[page.pk])).context["form"]
    assert not {"publish_copies", "alias"} & set(form.fields)


# The workflow


def test_a_page_goes_from_the_author_to_the_manager_back_and_to_the_reviewer(
    client: Client, page: ServicePage, author: User, manager: User, physio: User
) -> None:
    submit = {"change": "services.change_meaning", "action__submit": "1"}
    answer(client, page, author, introduction="First try", **submit)
    page.current_workflow_task.on_action(task_state(page), manager, "reject", comment="Too long")
    answer(client, page, author, introduction="Second try", **submit)
    assert page.current_workflow_task.get_actions(page, physio) == []  # the manager first
    page.current_workflow_task.on_action(task_state(page), manager, "approve")
    assert stored(page).introduction == ""
    answer(client, page, physio, action__workflow__action="1", workflow__action__name="approve")
    assert stored(page).introduction == "Second try"
    assert "Checked by a physiotherapist" in shown(client, page)


@pytest.mark.parametrize(
    ("changes", "due", "is_needed"),
    [
        ({}, TODAY + 61 * DAY, False),
        ({}, TODAY + 60 * DAY, True),
        ({"seo_title": "Needles"}, TODAY + 300 * DAY, False),
        ({"introduction": "New"}, TODAY + 300 * DAY, True),
    ],
)
def test_a_change_that_the_sign_off_covers_skips_the_reviewer(
    page: ServicePage, changes: dict[str, str], due: date, is_needed: bool
) -> None:
    SignOff.objects.update(review_due=due)
    assert needs_sign_off(draft(page, None, **changes)) is is_needed


def test_other_pages_are_only_approved(author: User, manager: User) -> None:
    page = factories.make_standard(live=False)
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    page.current_workflow_task.on_action(page.current_workflow_task_state, manager, "approve")
    page.refresh_from_db()
    assert page.live


def test_a_page_that_is_only_due_again_is_signed_again(
    client: Client, page: ServicePage, author: User, physio: User
) -> None:
    SignOff.objects.update(review_due=TODAY - DAY)
    page.save()
    assert answer(client, page, author, action__submit="1").status_code == 302
    page.current_workflow_task.on_action(task_state(page), factories.make_person("Managers"), "approve")
    answer(client, page, physio, action__workflow__action="1", workflow__action__name="approve")
    page = stored(page)
    assert (page.last_reviewed, page.review_is_current) == (TODAY, True)


def test_the_reviewer_sees_the_difference_since_the_last_sign_off(
    client: Client, page: ServicePage, author: User, physio: User
) -> None:
    signed = page.get_latest_revision()
    draft(page, author, introduction="A new sentence")
    client.force_login(physio)
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, signed.pk, "latest"])
    assert compare in Markup(client.get(edit_address(page)).content.decode()).attributes("a", "href")
    assert "A new sentence" in client.get(compare).content.decode()


# The demo


def test_a_sample_reviewer_is_marked_and_not_named_to_search_engines(
    client: Client, page: ServicePage, robin: PractitionerPage, physio: User, author: User
) -> None:
    assert '"reviewedBy"' in client.get(page.url).content.decode()
    DemoRecord.objects.create(key="page:/team/robin-sample/", made=robin)
    draft(page, author, introduction="New")
    start_sign_off(page, author).on_action(task_state(page), physio, "approve")
    html = client.get(page.url).content.decode()
    assert "the reviewer is invented" in html
    assert '"reviewedBy"' not in html


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_demo_site_is_not_indexed(client: Client, page: ServicePage, details: Any, is_demo: bool) -> None:
    details.demo_notice = is_demo
    details.save()
    for address in (page.url, "/", reverse("enquiry")):
        assert ('<meta name="robots" content="noindex">' in client.get(address).content.decode()) is is_demo

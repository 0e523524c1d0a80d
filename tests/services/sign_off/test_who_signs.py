from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from wagtail.models import TaskState

from clinic.models import DemoRecord, PractitionerPage
from services.models import ServicePage, SignOff
from tests import factories
from tests.edit_form import answers_of
from tests.services.sign_off.signed_page import DAY, TODAY, draft, start_sign_off, stored, task_state

pytestmark = pytest.mark.django_db


def with_(**fields: Any) -> Callable[[PractitionerPage, ServicePage], None]:
    def change(person: PractitionerPage, page: ServicePage) -> None:
        for name, value in fields.items():
            setattr(person, name, value)
        person.save()

    return change


def author_too(person: PractitionerPage, page: ServicePage) -> None:
    draft(page, factories.make_person("Physiotherapists", "other"), introduction="Mine")
    draft(page, person.user, introduction="Ours")


def only_author(person: PractitionerPage, page: ServicePage) -> None:
    draft(page, person.user, introduction="My own words")
    # Someone else changes something that the sign-off does not cover.
    draft(page, factories.make_person("Managers", "other"), seo_title="IMS")


def another(role: str, **fields: Any) -> Callable[[PractitionerPage, ServicePage], User]:
    return lambda _person, _page: factories.make_person(role, "another", **fields)


SIGNERS: dict[str, tuple[Any, bool]] = {
    "licensed": (with_(), True),
    "licensed until today": (with_(licence_valid_until=TODAY), True),
    "one of two authors": (author_too, True),
    "without an account": (with_(user=None), False),
    "licensed until yesterday": (with_(licence_valid_until=TODAY - DAY), False),
    "without a licence": (with_(licence_valid_until=None), False),
    "unpublished": (with_(live=False), False),
    "the only author": (only_author, False),
    **{role: (another(role), False) for role in ("Physiotherapists", "Managers", "Reception")},
    "superuser": (another("", is_superuser=True), False),
}


@pytest.mark.parametrize(("prepare", "may_sign"), SIGNERS.values(), ids=SIGNERS)
def test_only_a_licensed_physiotherapist_who_is_not_the_only_author_signs(
    page: ServicePage, robin: PractitionerPage, physio: User, author: User, prepare: Any, may_sign: bool
) -> None:
    signer = prepare(robin, page) or physio
    SignOff.objects.update(review_due=TODAY)  # so that the task is not skipped
    task = start_sign_off(page, author)
    assert bool(task.get_actions(page, signer)) is may_sign
    assert TaskState.objects.reviewable_by(signer).exists() is may_sign
    if may_sign:
        task.on_action(task_state(page), signer, "approve")
        assert stored(page).last_reviewed == TODAY
    else:
        with pytest.raises(PermissionDenied):
            task.on_action(task_state(page), signer, "approve")
        assert SignOff.objects.count() == 1


def test_only_those_who_manage_users_link_an_account_and_only_to_one_person(
    client: Client, robin: PractitionerPage, physio: User, manager: User
) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[factories.make_practitioner("Alex Demo").pk])
    client.force_login(physio)
    assert "user" not in client.get(address).context["form"].fields
    client.force_login(manager)
    answers = answers_of(client.get(address).context["form"]) | {"user": str(physio.pk)}
    assert "linked to “Robin Sample” already" in client.post(address, answers).context["form"].errors["user"][0]
    robin.user = None
    robin.save()
    assert client.post(address, answers).status_code == 302


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

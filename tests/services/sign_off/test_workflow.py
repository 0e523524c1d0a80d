import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from clinic.models import PractitionerPage
from services.models import ServicePage, SignOff
from tests import factories
from tests.edit_form import answers_of
from tests.markup import Markup
from tests.services.sign_off.signed_page import (
    DAY,
    TODAY,
    WORDS,
    answer,
    draft,
    edit_address,
    publish,
    shown,
    start_sign_off,
    stored,
    task_state,
)

pytestmark = pytest.mark.django_db


def test_a_changed_sentence_asks_and_drops_the_sign_off(client: Client, page: ServicePage, manager: User) -> None:
    assert answer(client, page, manager, introduction="Half a sent").status_code == 302, "a draft asks nothing"
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


@pytest.mark.parametrize(
    ("finding", "said"),
    [("It may help.", "does it change what patients read?"), ("It cures.", "A cure, or an end to pain: “cures”")],
)
def test_a_new_finding_asks_and_is_checked_too(
    client: Client, page: ServicePage, manager: User, finding: str, said: str
) -> None:
    row = {"finding": finding, "certainty": "low", "source": "A study", "year": "2020", "condition": "", "id": ""}
    more = {f"evidence__0__{name}": value for name, value in row.items()} | {"evidence__TOTAL_FORMS": "1"}
    refused = answer(client, page, manager, action__publish="1", **more)
    assert said in refused.content.decode()
    assert not stored(page).evidence.exists()
    answer(client, page, manager, change="services.change_meaning", action__publish="1", **more)
    assert stored(page).evidence.exists() is (finding == "It may help.")


def test_treatments_are_not_published_in_bulk_nor_as_a_copy(
    as_manager: Client, page: ServicePage, manager: User
) -> None:
    draft(page, manager, introduction="New")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    as_manager.post(f"{address}?id={page.pk}")
    assert stored(page).introduction == ""
    form = as_manager.get(reverse("wagtailadmin_pages:copy", args=[page.pk])).context["form"]
    assert not {"publish_copies", "alias"} & set(form.fields)


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
    assert draft(page, None, **changes).needs_sign_off is is_needed


def test_other_pages_are_only_approved(author: User, manager: User) -> None:
    page = factories.make_standard(live=False)
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    page.current_workflow_task.on_action(page.current_workflow_task_state, manager, "approve")
    page.refresh_from_db()
    assert page.live


def test_a_page_that_is_due_again_is_signed_as_it_is(
    client: Client, page: ServicePage, author: User, manager: User, physio: User
) -> None:
    SignOff.objects.update(review_due=TODAY - DAY)
    page.save()
    answer(client, page, author, action__submit="1")
    for person in (manager, physio):
        answer(client, page, person, action__workflow__action="1", workflow__action__name="approve")
    page = stored(page)
    assert (page.last_reviewed, page.review_is_current) == (TODAY, True)


def test_a_page_that_waits_for_a_sign_off_is_mailed_to_those_who_can_sign(page: ServicePage, author: User) -> None:
    other = factories.make_person("Physiotherapists", "without-licence")
    factories.make_practitioner("Alex Demo", user=other, licence_valid_until=TODAY - DAY)
    draft(page, author, introduction="New")
    mail.outbox.clear()
    start_sign_off(page, author)
    asked = [message for message in mail.outbox if message.subject == f"Please read and sign off: {page}"]
    assert [message.to for message in asked] == [["person@example.org"]]
    assert edit_address(page) in asked[0].body


def test_a_page_goes_to_the_manager_back_and_to_the_reviewer_and_the_screen_says_whose_turn_it_is(
    client: Client, page: ServicePage, author: User, manager: User, physio: User
) -> None:
    action, reject = {"action__workflow__action": "1"}, json.dumps({"comment": "Which people?"})
    submit = {"change": "services.change_meaning", "action__submit": "1"}
    approve = action | {"workflow__action__name": "approve"}
    send_back = action | {"workflow__action__name": "reject", "workflow__action__extra__data": reject}
    steps = [
        (author, submit | {"introduction": "It may help some people."}, "Waiting for a manager."),
        (manager, send_back, "asks for changes: “Which people?”"),
        (author, submit | {"introduction": "It may help people with back pain."}, "Waiting for a manager."),
        (manager, approve, f"Waiting for the clinical sign-off of {page.reviewed_by}."),
        (physio, approve, "It is published."),
    ]
    answer(client, page, author, introduction="At once.", action__publish="1")  # not theirs to press
    for user, answers, said in steps:
        assert stored(page).introduction == ""
        if user == manager:
            assert page.current_workflow_task.get_actions(page, physio) == []  # the manager first
        response = answer(client, page, user, **answers)
        assert said in client.get(response["Location"]).content.decode()
        client.force_login(author)
        assert (said in client.get(edit_address(page)).content.decode()) is (said != "It is published.")
    assert stored(page).introduction == "It may help people with back pain."
    assert "Checked by a physiotherapist" in shown(client, page)


def test_an_automatic_save_does_not_approve(client: Client, page: ServicePage, author: User, manager: User) -> None:
    answer(client, page, author, introduction="New.", change="services.change_meaning", action__submit="1")
    client.force_login(manager)
    approve = answers_of(client.get(edit_address(page)).context["form"])
    approve |= {"action-workflow-action": "1", "workflow-action-name": "approve"}
    saved = client.post(edit_address(page), approve, headers={"Accept": "application/json"})
    assert (saved.status_code, saved.json()["error_code"]) == (400, "blocked_by_hook")
    assert page.current_workflow_task.get_actions(page, manager)


def test_the_screen_says_when_no_one_can_sign(client: Client, page: ServicePage, physio: User) -> None:
    draft(page, physio, introduction="My own words")
    start_sign_off(page, physio)
    client.force_login(physio)
    assert "No one can sign this page off yet." in client.get(edit_address(page)).content.decode()


def buttons(client: Client, page: ServicePage, user: User) -> list[str]:
    """Return the first two buttons at the foot of the page's editor."""
    client.force_login(user)
    return Markup(client.get(edit_address(page)).text.partition('<footer class="footer')[2]).texts("button")[:2]


@pytest.mark.parametrize(
    ("change", "button"), [("services.correct_spelling", "Approve and publish"), ("services.change_meaning", "Approve")]
)
def test_submitting_approving_and_asking_for_changes_take_one_click_whose_button_says_whether_it_publishes(
    client: Client, page: ServicePage, author: User, manager: User, change: str, button: str
) -> None:
    assert buttons(client, page, author)[0] == "Submit to a manager"
    answer(client, page, author, introduction="Spelt.", change=change, action__submit="1")
    assert buttons(client, page, manager) == [button, "Request changes"]


def test_the_reviewer_sees_the_difference_since_the_last_sign_off(
    as_physio: Client, page: ServicePage, author: User
) -> None:
    signed = page.get_latest_revision()
    body = signed.as_object().body.get_prep_value()
    body[1]["value"] = "<p>We talk\n first.</p>"
    body.append({"type": "text", "value": "<p>A new block.</p>"})
    changes = {"introduction": "A new sentence", "body": json.dumps(body)}
    draft(page, author, **changes, not_suitable_if=f"{page.not_suitable_if}\r\n")
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, signed.pk, "latest"])
    assert compare in Markup(as_physio.get(edit_address(page)).content.decode()).attributes("a", "href")
    shown_changes = as_physio.get(compare).content.decode()
    assert "A new sentence" in shown_changes
    assert "A new block" in shown_changes
    assert "first" not in shown_changes, "an unchanged block is left out"
    assert "Not suitable" not in shown_changes

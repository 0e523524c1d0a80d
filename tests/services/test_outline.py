from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from clinic.blocks.text import PROMPT
from services.models import ConditionIndexPage, ConditionPage, Evidence, ServiceIndexPage, ServicePage
from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db
KINDS = [(ServicePage, ServiceIndexPage, "services"), (ConditionPage, ConditionIndexPage, "conditions")]


def new(client: Client, model: type[Page], index: type[Page], slug: str) -> tuple[str, dict[str, Any]]:
    """Return the address of the form for a new page, and what a browser would post from it."""
    parent = factories.only(index, slug)
    url = reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])
    return url, answers_of(client.get(url).context["form"]) | {"title": "Taping", "slug": "taping"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0].__name__)
def test_a_new_page_begins_with_an_outline_that_is_saved_as_a_draft(as_physio: Client, kind: Any) -> None:
    url, answers = new(as_physio, *kind)
    assert as_physio.post(url, answers).status_code == 302
    page = kind[0].objects.get()
    assert not page.live
    assert PROMPT in str(page.body.get_prep_value())
    assert {"heading", "text", "care_card", "questions"} <= {block.block_type for block in page.body}
    editor = as_physio.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "0 of 9 parts done" in editor or "0 of 6 parts done" in editor


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0].__name__)
@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_a_page_with_a_prompt_is_neither_published_nor_submitted(as_manager: Client, kind: Any, action: str) -> None:
    url, answers = new(as_manager, *kind)
    page = as_manager.post(url, answers | {action: action})
    errors = page.context["form"].errors.as_data()["body"][0].block_errors
    blocks = enumerate(page.context["form"].instance.body)
    assert set(errors) == {index for index, block in blocks if PROMPT in str(block.get_prep_value())}
    facts = factories.FACTS if kind[0] is ServicePage else ()
    assert page.context["form"].errors.keys() - {"publish_unchecked"} == {"body", "sources", *facts}
    assert "Write your own text in place of" in str(errors[1])
    assert not kind[0].objects.exists()


def test_the_preview_says_which_parts_are_not_written_yet(as_physio: Client) -> None:
    url, answers = new(as_physio, *KINDS[0])
    preview = reverse("wagtailadmin_pages:preview_on_add", args=url.strip("/").split("/")[-3:])
    as_physio.post(preview, answers)
    assert "write your own text in place of" in as_physio.get(preview).content.decode()


def test_the_editor_says_which_parts_are_missing() -> None:
    service = factories.make_service(introduction="What it is.")
    said = "1 of 9 parts done: text, advice on getting help, facts, fees, physiotherapists, conditions, sources and "
    assert service.parts_done == f"{said}sign-off are missing"
    factories.add_fee(service)
    factories.give(service, factories.make_practitioner())
    factories.help_with(service, factories.make_condition())
    for name, fact in factories.FACTS.items():
        setattr(service, name, fact)
    service.sources = [("source", {"text": "A study", "url": "", "year": 2020})]
    card = {"level": "urgent", "heading": "Call us", "text": "<p>If it swells.</p>"}
    service.body = [("text", "<p>What it is.</p>"), ("care_card", card)]
    assert service.parts_done == "8 of 9 parts done: sign-off is missing"
    service.body = [("text", f"<p>{PROMPT} what it is.]</p>"), ("care_card", card)]
    assert service.parts_done == "7 of 9 parts done: text and sign-off are missing"
    service.sources = []
    assert "sources" in service.parts_done
    service.evidence.add(Evidence(finding="It may help.", certainty="low", source="A study", year=2020))
    assert "sources" not in service.parts_done


def test_a_condition_needs_its_place_on_the_body() -> None:
    condition = factories.make_condition()
    assert "places on the body" in condition.parts_done
    condition.regions = ["elbow"]
    assert "places on the body" not in condition.parts_done

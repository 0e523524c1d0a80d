from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from clinic.models import StandardPage
from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db


def link_to(page: StandardPage) -> str:
    return f'<p><a linktype="page" id="{page.pk}">there</a></p>'


def page_that_links_to(*targets: StandardPage) -> StandardPage:
    """Build a page with a link in a paragraph, and further ones deep inside other blocks."""
    questions = [{"question": "Where?", "answer": link_to(target)} for target in targets]
    texts: list[tuple[str, Any]] = [("text", link_to(target)) for target in targets]
    body = [{"type": name, "value": value} for name, value in (*texts, ("questions", {"questions": questions}))]
    return factories.make_standard("Links", body=StandardPage.body.field.stream_block.to_python(body))


def test_the_links_of_all_texts_of_one_kind_take_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    targets = [factories.make_standard(f"Target {number}") for number in range(3)]
    page_that_links_to(*targets).body.render_as_block()  # warms Wagtail's cache of the sites' addresses
    page = StandardPage.objects.get(slug="links")
    with django_assert_num_queries(2):  # those of the paragraphs, and those of the answers
        html = page.body.render_as_block()
    for target in targets:
        assert html.count(f'href="{target.url}"') == 2


def test_a_link_to_a_page_that_is_no_longer_live_or_never_was_is_no_link() -> None:
    target = factories.make_standard("Soon gone")
    page = page_that_links_to(target)
    target.unpublish()
    html = page.body.render_as_block()
    assert "href" not in html
    assert "there" in html
    broken = page.body.stream_block.to_python([{"type": "text", "value": '<p><a linktype="page" id="x">there</a></p>'}])
    assert broken.render_as_block().count("there") == 1
    assert "href" not in broken.render_as_block()


def test_the_editors_form_holds_the_text_as_the_browser_writes_it(as_manager: Client) -> None:
    stored = '<p data-block-key="a1b2c"><a href="https://a.example/">There</a></p>'
    location = factories.make_location(parking=stored)
    form = as_manager.get(f"/admin/pages/{location.pk}/edit/").context["form"]
    assert answers_of(form)["parking"] == (
        '{"blocks":[{"key":"a1b2c","text":"There","type":"unstyled","depth":0,"inlineStyleRanges":[],'
        '"entityRanges":[{"offset":0,"length":5,"key":0}],"data":{}}],'
        '"entityMap":{"0":{"type":"LINK","mutability":"MUTABLE","data":{"url":"https://a.example/"}}}}'
    )


def test_a_page_is_previewed_as_page_search_result_card_and_on_paper(as_physio: Client) -> None:
    page = factories.make_standard("Parking", seo_title="Parking for patients", share_title="Park with us")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    as_physio.post(preview, answers_of(as_physio.get(edit).context["form"]))
    modes = {"": "<h1", "search": "Parking for patients – ", "share": "Park with us", "print": "@media all"}
    for mode, shown in modes.items():
        response = as_physio.get(preview, {"mode": mode})
        assert response.status_code == 200
        assert shown in response.text
        assert ("'unsafe-inline'" in response["Content-Security-Policy"]) is (mode == "print")
    assert "@media print" not in response.text


@pytest.mark.parametrize("has_token", [True, False], ids=["session ended", "all cookies deleted"])
def test_an_autosave_after_the_session_has_ended_says_so(has_token: bool) -> None:
    client = Client(enforce_csrf_checks=not has_token)
    address = reverse("wagtailadmin_pages:edit", args=[factories.make_standard().pk])
    answer = client.post(address, {"title": "Typed"}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["signed_out"]
    assert "your text stays here" in answer.json()["error_message"]


def test_a_page_whose_expiry_has_passed_can_be_saved_and_then_published(as_manager: Client) -> None:
    expired = timezone.now().replace(second=0, microsecond=0) - timedelta(days=1)
    page = factories.make_standard(expire_at=expired, expired=True, live=False)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answers = answers_of(as_manager.get(address).context["form"])
    assert answers["expire_at"]
    assert as_manager.post(address, answers).status_code == 302
    assert as_manager.post(address, answers | {"action-publish": "1"}).status_code == 302  # the same form, still open
    refused = as_manager.post(address, answers | {"action-publish": "1"})
    assert "expire_at" in refused.context["form"].errors  # the page is live now: this would take it off again

"""What is at the foot of the page editor, how an editor previews a page, and saving after a session or page ended."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db


def buttons(client: Client, pk: int) -> list[str]:
    """Return the texts of the buttons at the foot of the page's editor, in their order."""
    html = client.get(reverse("wagtailadmin_pages:edit", args=[pk])).text
    foot = html[html.index('<footer class="footer') :]
    texts = re.findall(r"<(?:button|a)\b[^>]*>(.*?)</(?:button|a)>", foot, re.DOTALL)
    return [text for text in (" ".join(re.sub(r"<[^>]*>", " ", text).split()) for text in texts) if text]


def test_submitting_approving_and_asking_for_changes_take_one_click(
    client: Client, physio: User, manager: User
) -> None:
    page = factories.make_standard("Parking")
    client.force_login(physio)
    assert buttons(client, page.pk)[0].startswith("Submit to")
    page.title = "Parking anew"
    page.save_revision(user=physio)
    page.get_workflow().start(page, physio)
    client.force_login(manager)
    assert buttons(client, page.pk)[:2] == ["Approve and publish", "Request changes"]


@pytest.mark.parametrize(
    ("mode", "shown"),
    [("", "<h1"), ("search", "Parking for patients – "), ("share", "Park with us"), ("print", "@media all")],
)
def test_a_page_is_previewed_as_page_search_result_card_and_on_paper(as_physio: Client, mode: str, shown: str) -> None:
    page = factories.make_standard("Parking", seo_title="Parking for patients", share_title="Park with us")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    as_physio.post(preview, answers_of(as_physio.get(edit).context["form"]))
    response = as_physio.get(preview, {"mode": mode})
    assert response.status_code == 200
    assert shown in response.text
    assert mode != "print" or "@media print" not in response.text
    assert ("'unsafe-inline'" in response["Content-Security-Policy"]) is (mode == "print")


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

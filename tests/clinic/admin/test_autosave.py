from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("has_token", [True, False], ids=["session ended", "all cookies deleted"])
def test_an_autosave_after_the_session_has_ended_says_so(has_token: bool) -> None:
    client = Client(enforce_csrf_checks=not has_token)
    address = reverse("wagtailadmin_pages:edit", args=[factories.make_standard().pk])
    answer = client.post(address, {"title": "Typed"}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["signed_out"]
    assert "your text stays here" in answer.json()["error_message"]


def test_a_page_sent_after_the_session_has_ended_asks_to_sign_in(client: Client) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[factories.make_standard().pk])
    assert client.post(address, {"title": "Typed"})["Location"].startswith(reverse("wagtailadmin_login"))


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

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db


def test_an_autosave_after_the_session_has_ended_says_so(client: Client) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[factories.make_standard().pk])
    answer = client.post(address, {"title": "Typed"}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["signed_out"]
    assert "your text stays here" in answer.json()["error_message"]
    assert client.post(address, {"title": "Typed"})["Location"].startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize("action", ["action-publish", ""])
def test_a_page_whose_expiry_has_passed_can_be_saved(as_manager: Client, action: str) -> None:
    expired = timezone.now().replace(second=0, microsecond=0) - timedelta(days=1)
    page = factories.make_standard(expire_at=expired, expired=True, live=False)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answers = answers_of(as_manager.get(address).context["form"])
    assert answers["expire_at"]
    assert as_manager.post(address, answers | {action: "1"}).status_code == 302
    another = f"{expired + timedelta(hours=1):%Y-%m-%d %H:%M}"
    refused = as_manager.post(address, answers | {action: "1", "expire_at": another})
    assert "expire_at" in refused.context["form"].errors

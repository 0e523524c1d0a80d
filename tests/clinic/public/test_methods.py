"""Public pages are read: whoever sends something to one is told so, and not asked to send it once more."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/search/"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_what_is_sent_to_a_page_is_not_allowed(address: str, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert getattr(strict, method)(address).status_code == 405


def test_both_admins_keep_their_protection() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert [strict.post(address).status_code for address in ("/admin/login/", "/django-admin/login/")] == [403, 403]


def test_browsers_find_the_clinics_sign_where_they_look_first(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert "max-age=2592000" in response["Cache-Control"]
    assert not response.cookies
    picture = Image.open(BytesIO(response.content))
    assert picture.info["sizes"] == {(16, 16), (32, 32), (48, 48)}

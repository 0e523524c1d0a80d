"""Public pages are for reading."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/search/"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_page_that_is_only_for_reading_allows_no_other_method(address: str, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert getattr(strict, method)(address).status_code == 405
    assert strict.head(address).status_code == 200


def test_browsers_find_the_clinics_icon_where_they_look_first(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert not response.cookies
    assert Image.open(BytesIO(response.getvalue())).info["sizes"] == {(16, 16), (32, 32), (48, 48)}

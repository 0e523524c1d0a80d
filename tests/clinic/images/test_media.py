"""Pictures that the site serves itself, where no web server stands before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

if TYPE_CHECKING:
    from django.test import Client


def test_a_rendition_is_served_and_cached_by_browsers(client: Client, db: None) -> None:
    name = default_storage.save("images/aurora.width-800.webp", ContentFile(b"picture"))
    response = client.get(f"/media/{name}")
    assert response.getvalue() == b"picture"
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize(
    "address",
    [
        "/media/original_images/secret.jpg",
        "/media/images/../original_images/secret.jpg",
        "/media/images/..%2Foriginal_images%2Fsecret.jpg",
        "/media/images/..",
        "/media/images/no-such-picture.webp",
        "/media/images/a%00b",
    ],
)
def test_an_original_with_its_place_and_time_is_never_served(client: Client, db: None, address: str) -> None:
    default_storage.save("original_images/secret.jpg", ContentFile(b"where and when"))
    assert client.get(address).status_code == 404

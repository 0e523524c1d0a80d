"""Pictures that the site serves itself, with no web server in front of it."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

CONTENT = b"0123456789" * 50


@pytest.fixture
def picture() -> str:
    return f"/media/{default_storage.save('images/ridge.width-800.webp', ContentFile(CONTENT))}"


def test_a_picture_that_the_browser_has_is_not_sent_again(client: Client, db: None, picture: str) -> None:
    first = client.get(picture)
    assert first["Content-Type"] == "image/webp"
    assert "immutable" in first["Cache-Control"]
    response = client.get(picture, headers={"If-None-Match": first["ETag"]})
    assert (response.status_code, response.content) == (304, b"")
    assert client.get(picture, headers={"If-None-Match": '"other"'}).content == CONTENT
    asked = {"Range": "bytes=0-4"}
    assert client.get(picture, headers=asked | {"If-Range": '"older"'}).content == CONTENT
    assert client.get(picture, headers=asked | {"If-Range": first["ETag"]}).content == CONTENT[:5]


@pytest.mark.parametrize(
    ("asked", "given"), [("bytes=0-0", "bytes 0-0/500"), ("bytes=490-9999", "bytes 490-499/500"), ("bytes=9-3", None)]
)
def test_a_browser_gets_the_part_that_it_asks_for(
    client: Client, db: None, picture: str, asked: str, given: str | None
) -> None:
    response = client.get(picture, headers={"Range": asked, "Accept-Encoding": "gzip"})
    assert response.headers.get("Content-Range") == given
    assert response.status_code == (206 if given else 200)
    first, last = map(int, re.findall(r"(\d+)-(\d+)/", given or "0-499/")[0])
    assert response.content == CONTENT[first : last + 1]
    assert response["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in response
    for ignored in ("bytes=500-", "bytes=-3", "bytes=0-1,4-5", "x"):
        assert client.get(picture, headers={"Range": ignored}).content == CONTENT


def test_an_original_with_its_place_and_time_is_never_served(client: Client, db: None) -> None:
    default_storage.save("original_images/secret.jpg", ContentFile(b"where and when"))
    ways_out = ("images/../original_images/secret.jpg", "images/..%2Foriginal_images%2Fsecret.jpg", "images/..")
    for address in ("original_images/secret.jpg", *ways_out, "images/no-such-picture.webp", "images/a%00b"):
        assert client.get(f"/media/{address}").status_code == 404, address

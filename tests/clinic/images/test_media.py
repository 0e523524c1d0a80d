"""Pictures that the site serves itself, with no web server in front of it."""

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
    ("asked", "status", "content_range", "content"),
    [
        ("bytes=0-0", 206, "bytes 0-0/500", CONTENT[:1]),
        ("bytes=495-", 206, "bytes 495-499/500", CONTENT[495:]),
        ("bytes=490-9999", 206, "bytes 490-499/500", CONTENT[490:]),
        *((ignored, 200, None, CONTENT) for ignored in ("bytes=500-", "bytes=9-3", "bytes=-3", "bytes=0-1,4-5", "x")),
    ],
)
def test_a_browser_gets_the_part_that_it_asks_for(
    client: Client, db: None, picture: str, asked: str, status: int, content_range: str | None, content: bytes
) -> None:
    response = client.get(picture, headers={"Range": asked, "Accept-Encoding": "gzip"})
    assert (response.status_code, response.headers.get("Content-Range")) == (status, content_range)
    assert response.content == content
    assert response["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in response


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

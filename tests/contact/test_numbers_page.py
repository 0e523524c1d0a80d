"""The page of pictures at the desk: who may see it, and that it is drawn for everybody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.contact.factories import make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def address() -> str:
    return reverse("admin:contact_enquiry_numbers")


def make_some() -> None:
    now = timezone.now()
    for days in range(1, 200, 9):
        received = now - timedelta(days=days)
        make_enquiry(
            received_at=received,
            due_at=received + timedelta(days=1),
            answered_at=received + timedelta(hours=days / 4),
            status="answered",
        )
    make_enquiry(received_at=now - timedelta(days=9), due_at=now - timedelta(days=8))


@pytest.mark.parametrize("role", ["Reception", "Managers"])
def test_whoever_sees_enquiries_sees_their_numbers(client: Client, role: str) -> None:
    client.force_login(make_person(role))
    assert client.get(address()).status_code == 200


@pytest.mark.parametrize("role", ["Physiotherapists", ""])
def test_nobody_else_does(client: Client, role: str) -> None:
    client.force_login(make_person(role))
    assert client.get(address()).status_code == 403


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    response = client.get(address())
    assert response.status_code == 302
    assert "next=" in response["Location"]


def test_numbers_are_only_read(desk: Client) -> None:
    assert desk.post(address()).status_code == 405


def test_each_picture_has_its_name_its_words_and_its_table(desk: Client) -> None:
    make_some()
    page = desk.get(address()).content.decode()
    sections = page.split('<section class="picture"')[1:]
    assert len(sections) == 3
    for section in sections:
        name = section.partition('aria-labelledby="')[2].partition("-heading")[0]
        assert f'role="img" aria-labelledby="{name}-title {name}-says"' in section
        for part in (f'<title id="{name}-title">', f'<desc id="{name}-says">', "<details>", '<th scope="row">'):
            assert part in section
    assert "style=" not in page, "the desk's policy forbids inline styles"


def test_nobody_is_named(desk: Client) -> None:
    make_enquiry(name="Robin Rare", email="robin@example.com", message="my knee", due_at=timezone.now())
    page = desk.get(address()).content.decode()
    for private in ("Robin", "robin@", "knee"):
        assert private not in page


def test_an_empty_desk_says_when_the_pictures_begin(desk: Client) -> None:
    page = desk.get(address()).content.decode()
    assert "No enquiry came in the last twelve months." in page
    assert "<details>" not in page


def test_the_page_takes_the_same_few_queries_however_many_came(desk: Client) -> None:
    make_some()
    with CaptureQueriesContext(connection) as few:
        desk.get(address())
    make_some()
    with CaptureQueriesContext(connection) as many:
        desk.get(address())
    assert len(many) <= len(few) <= 20

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

WAGTAIL = "/admin/"
DESK = "/django-admin/"
ENQUIRIES = "/django-admin/contact/enquiry/"
SIGN_IN_PAGES = ["/admin/login/", "/django-admin/login/"]
ROLES = {"Managers": WAGTAIL, "Physiotherapists": WAGTAIL, "Reception": DESK, "": "/"}


def sign_in(client: Client, person: User, at: str = "/admin/login/", asked_for: str = "") -> str:
    """Sign in as a browser does; return where it is redirected."""
    answers = {"username": person.username, "password": factories.PASSWORD, "next": asked_for}
    response = client.post(at, answers)
    assert response.status_code == 302, response.text
    return str(response["Location"])


def test_reception_is_redirected_from_the_pages_to_the_desk(client: Client, receptionist: User) -> None:
    client.force_login(receptionist)
    for address in (WAGTAIL, "/admin/pages/", "/admin/images/"):
        response = client.get(address, follow=True)
        assert response.redirect_chain[-1][0] == DESK
        assert response.status_code == 200


@pytest.mark.parametrize(("role", "landing"), ROLES.items())
@pytest.mark.parametrize("sign_in_page", SIGN_IN_PAGES)
def test_each_person_lands_where_they_work(client: Client, role: str, landing: str, sign_in_page: str) -> None:
    assert sign_in(client, factories.make_person(role), sign_in_page) == landing
    assert client.get("/landing/")["Location"] == landing
    assert client.get(landing).status_code == 200
    assert client.get(sign_in_page)["Location"] == landing, "who is signed in already is sent there too"


@pytest.mark.parametrize(
    ("role", "asked_for", "landing"),
    [
        ("Managers", ENQUIRIES, ENQUIRIES),
        ("Reception", ENQUIRIES, ENQUIRIES),
        ("Reception", "/admin/pages/", DESK),
        ("Physiotherapists", "/admin/images/", "/admin/images/"),
        ("Physiotherapists", ENQUIRIES, WAGTAIL),
        ("", "/about/", "/about/"),
        ("", DESK, "/"),
    ],
)
def test_signing_in_leads_to_the_page_that_was_asked_for(
    client: Client, role: str, asked_for: str, landing: str
) -> None:
    assert sign_in(client, factories.make_person(role), asked_for=asked_for) == landing


@pytest.mark.parametrize("sign_in_page", SIGN_IN_PAGES)
def test_signing_in_never_leads_to_another_site(manager: User, sign_in_page: str) -> None:
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", "https:evil.example"):
        client = Client()
        assert sign_in(client, manager, sign_in_page, target) == WAGTAIL
        assert client.get(sign_in_page, {"next": target})["Location"] == WAGTAIL

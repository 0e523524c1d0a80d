"""Old addresses lead to where their pages are now, and none to itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from clinic.models import HomePage, StandardPage
from tests import factories

pytestmark = pytest.mark.django_db
FOUND = (301, "/about-us/")


@pytest.fixture
def about(home: HomePage) -> StandardPage:
    return factories.make_standard()


def redirect(old: str, new: str | StandardPage) -> None:
    Redirect.add_redirect(old, new)


def answer(address: str) -> tuple[int, str]:
    response = Client().get(address)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize("old", ["/who-we-are/", "/Who-We-Are", "/équipe/", "/who-we-are?id=7", "/?p=12", "/index.php"])
def test_an_old_address_leads_to_its_page(about: StandardPage, old: str) -> None:
    redirect(old, about)
    assert answer(old) == FOUND


@pytest.mark.parametrize(
    "address",
    [
        "/who-we-are",
        "/WHO-WE-ARE/",
        "/who-we-are/?utm_source=card",
        "/who-we-are/feed/",
        "/who-we-are/Page/2/",
        "/who-we-are/FEED/atom/",
        "/who-we-are/amp/",
        "/index.php/who-we-are/",
        "/About-Us/",
        "/about-us/feed/",
        "/ABOUT-US/comment-page-1/",
    ],
)
def test_letter_case_slash_query_and_wordpress_endings_do_not_matter(about: StandardPage, address: str) -> None:
    redirect("/Who-we-are/", about)
    assert answer(address) == FOUND


@pytest.mark.parametrize("old", ["/dry needling/", "/dry%20needling/", "/Dry Needling"])
@pytest.mark.parametrize("address", ["/dry%20needling/", "/Dry%20Needling", "/dry%20needling/feed/"])
def test_an_old_address_with_a_blank_is_found(about: StandardPage, old: str, address: str) -> None:
    redirect(old, about)
    assert answer(address) == FOUND


@pytest.mark.parametrize("address", ["/About-Them/", "/about-them/feed/", "/nothing%00here/"])
def test_an_unknown_address_is_not_found(about: StandardPage, address: str) -> None:
    assert answer(address)[0] == 404


def test_the_best_fitting_redirect_is_taken(about: StandardPage) -> None:
    redirect("/shop/", "https://example.org/shop/")
    redirect("/shop/?item=7", about)
    assert answer("/shop/?item=7") == FOUND
    assert answer("/shop/?item=8") == (301, "https://example.org/shop/")


def test_a_page_is_never_hidden_by_a_redirect(about: StandardPage) -> None:
    redirect("/about-us/", "https://example.org/")
    redirect("/?p=12", about)
    assert answer("/about-us/") == (200, "")
    assert answer("/?p=13") == (200, "")
    assert answer("/?utm_source=p") == (200, "")


def test_a_browser_may_forget_a_redirect_after_an_hour(about: StandardPage) -> None:
    redirect("/who-we-are/", about)
    assert Client().get("/who-we-are/").headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("new", ["/myself/", "/myself", "/Myself/", "/myself/?page=1", "http://testserver/myself/"])
def test_an_address_that_leads_to_itself_is_not_found(home: HomePage, new: str) -> None:
    redirect("/myself/", new)
    assert Client().get("/myself/", follow=True).status_code == 404


def test_an_unpublished_page_is_not_found(about: StandardPage) -> None:
    redirect("/who-we-are/", about)
    about.unpublish()
    assert answer("/who-we-are/")[0] == 404


def test_a_page_whose_address_changes_is_still_found(
    about: StandardPage, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        about.slug = "us"
        about.save_revision().publish()
    assert answer("/about-us/") == (301, "/us/")


def test_without_a_database_no_address_is_said_to_be_gone(database_gone: None) -> None:
    assert Client(raise_request_exception=False).get("/old/page.html").status_code == 503


def test_a_manager_may_import_a_file_in_the_admin(manager: User, about: StandardPage) -> None:
    client = Client()
    client.force_login(manager)
    file = SimpleUploadedFile("old.csv", b"old,new\n/who-we-are/,https://fireweed.example.org/about-us/\n", "text/csv")
    shown = client.post(reverse("wagtailredirects:start_import"), {"import_file": file, "input_format": "0"})
    confirm = shown.context["form"].initial | {"from_index": "0", "to_index": "1", "permanent": "on", "site": ""}
    client.post(reverse("wagtailredirects:process_import"), {name: value or "" for name, value in confirm.items()})
    assert answer("/who-we-are/") == (301, "https://fireweed.example.org/about-us/")


def test_physiotherapists_may_not_change_redirects(physio: User) -> None:
    client = Client()
    client.force_login(physio)
    assert client.get(reverse("wagtailredirects:start_import")).status_code == 302
    assert client.get(reverse("wagtailredirects:index")).status_code == 302

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.contrib.redirects.models import Redirect

from clinic.models import HomePage, StandardPage
from tests import factories

pytestmark = pytest.mark.django_db
FOUND = (301, "/about-us/")


@pytest.fixture
def about(home: HomePage) -> StandardPage:
    return factories.make_standard()


def answer(address: str) -> tuple[int, str]:
    response = Client().get(address)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize("old", ["/Who-We-Are", "/équipe/", "/who-we-are?id=7", "/?p=12", "/index.php"])
def test_an_old_address_leads_to_its_page_and_a_browser_may_forget_it_soon(about: StandardPage, old: str) -> None:
    Redirect.add_redirect(old, about)
    assert answer(old) == FOUND
    assert Client().get(old).headers["Cache-Control"] == "public, max-age=3600"


def test_letter_case_slash_query_and_wordpress_endings_do_not_matter(about: StandardPage) -> None:
    Redirect.add_redirect("/Who-we-are/", about)
    endings = ("", "/", "/?utm_source=card", "/feed/", "/Page/2/", "/FEED/atom/", "/amp/")
    old = [f"{start}{ending}" for start in ("/who-we-are", "/WHO-WE-ARE") for ending in endings]
    for address in (*old, "/index.php/who-we-are/", "/About-Us/", "/about-us/feed/", "/ABOUT-US/comment-page-1/"):
        assert answer(address) == FOUND, address
    about.unpublish()
    for address in ("/who-we-are/", "/About-Them/", "/about-them/feed/", "/nothing%00here/"):
        assert answer(address)[0] == 404, address


@pytest.mark.parametrize("old", ["/dry needling/", "/dry%20needling/", "/Dry Needling"])
def test_an_old_address_with_a_blank_is_found(about: StandardPage, old: str) -> None:
    Redirect.add_redirect(old, about)
    for address in ("/dry%20needling/", "/Dry%20Needling", "/dry%20needling/feed/"):
        assert answer(address) == FOUND


def test_the_best_fitting_redirect_is_taken_and_never_hides_a_page(about: StandardPage) -> None:
    Redirect.add_redirect("/shop/", "https://example.org/shop/")
    Redirect.add_redirect("/shop/?item=7", about)
    assert answer("/shop/?item=7") == FOUND
    assert answer("/shop/?item=8") == (301, "https://example.org/shop/")
    Redirect.add_redirect("/about-us/", "https://example.org/")
    Redirect.add_redirect("/?p=12", about)
    for address in ("/about-us/", "/?p=13", "/?utm_source=p"):
        assert answer(address) == (200, "")


@pytest.mark.parametrize("new", ["/myself", "/Myself/", "/myself/?page=1", "http://testserver/myself/"])
def test_an_address_that_leads_to_itself_is_not_found(home: HomePage, new: str) -> None:
    Redirect.add_redirect("/myself/", new)
    assert Client().get("/myself/", follow=True).status_code == 404


def test_a_page_that_was_renamed_is_found(
    about: StandardPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        about.slug = "us"
        about.save_revision().publish()
    assert answer("/about-us/") == (301, "/us/")


def test_a_manager_imports_a_file_in_the_admin(
    client: Client, as_manager: Client, physio: User, about: StandardPage
) -> None:
    file = SimpleUploadedFile("old.csv", b"old,new\n/who-we-are/,https://fireweed.example.org/about-us/\n", "text/csv")
    shown = client.post(reverse("wagtailredirects:start_import"), {"import_file": file, "input_format": "0"})
    confirm = shown.context["form"].initial | {"from_index": "0", "to_index": "1", "permanent": "on", "site": ""}
    client.post(reverse("wagtailredirects:process_import"), {name: value or "" for name, value in confirm.items()})
    assert answer("/who-we-are/") == (301, "https://fireweed.example.org/about-us/")
    client.force_login(physio)
    assert client.get(reverse("wagtailredirects:start_import")).status_code == 302
    assert client.get(reverse("wagtailredirects:index")).status_code == 302

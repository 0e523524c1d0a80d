"""Old addresses lead to where their pages are now, for good, and never in a circle."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from django.contrib.auth.models import User
    from pytest_django import DjangoAssertNumQueries

    from clinic.models import HomePage, StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(home: HomePage) -> StandardPage:
    return factories.make_standard()


def lead(old: str, new: str | StandardPage) -> None:
    Redirect.add_redirect(old, new)


def answer(address: str) -> tuple[int, str]:
    response = Client().get(address)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize(
    "address",
    ["/who-we-are/", "/who-we-are", "/Who-We-Are/", "/WHO-WE-ARE", "/who-we-are/?utm_source=card", "/who-we-are?a=1"],
)
def test_an_old_address_leads_on_for_good_however_it_is_written(about: StandardPage, address: str) -> None:
    lead("/who-we-are/", about)
    assert answer(address) == (301, "/about-us/")


def test_an_address_with_its_own_query_or_letters_is_found(about: StandardPage) -> None:
    lead("/index.php?page=12", about)
    lead("/équipe/", about)
    assert answer("/index.php?page=12") == (301, "/about-us/")
    assert answer("/index.php?page=13")[0] == 404
    assert answer("/%C3%A9quipe/") == (301, "/about-us/")


def test_capital_letters_do_not_hide_a_page(about: StandardPage) -> None:
    assert answer("/About-Us/") == (301, "/about-us/")
    assert answer("/About-Them/")[0] == 404


def test_a_page_that_is_there_is_never_redirected(about: StandardPage) -> None:
    lead("/about-us/", "https://example.org/")
    assert answer("/about-us/") == (200, "")


def test_a_browser_may_forget_a_redirect_after_an_hour(about: StandardPage) -> None:
    lead("/who-we-are/", about)
    assert Client().get("/who-we-are/").headers["Cache-Control"] == "public, max-age=3600"


def test_a_circle_of_addresses_is_not_entered(home: HomePage) -> None:
    lead("/one/", "/two/")
    lead("/two/", "/three/")
    lead("/three/", "http://testserver/One/")
    lead("/myself/", "/Myself/")
    for address in ("/one/", "/two/", "/three/", "/myself/"):
        assert answer(address)[0] == 404


def test_a_chain_that_ends_is_followed(about: StandardPage) -> None:
    lead("/one/", "/two/")
    lead("/two/", about)
    response = Client().get("/one/", follow=True)
    assert [status for _address, status in response.redirect_chain] == [301, 301]
    assert response.status_code == 200


def test_an_endless_chain_is_not_entered(home: HomePage) -> None:
    for number in range(12):
        lead(f"/{number}/", f"/{number + 1}/")
    assert answer("/0/")[0] == 404


def test_a_row_that_leads_to_a_draft_leads_nowhere(about: StandardPage) -> None:
    lead("/who-we-are/", about)
    about.unpublish()
    assert answer("/who-we-are/")[0] == 404


def test_a_page_that_changes_its_address_can_still_be_found(
    about: StandardPage, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        about.slug = "us"
        about.save_revision().publish()
    assert answer("/about-us/") == (301, "/us/")


def test_an_address_that_nobody_knows_costs_one_more_query(
    about: StandardPage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    answer("/nothing-here/")
    with django_assert_max_num_queries(12):
        assert answer("/Nothing-Here/")[0] == 404
    assert answer("/nothing%00here/")[0] == 404


def test_what_is_not_found_without_the_database_stays_not_found(database_gone: None) -> None:
    assert answer("/media/images/nothing.jpg")[0] == 404


# The table


def table(folder: Path, *rows: str) -> Path:
    file = folder / "old.csv"
    file.write_text("\n".join(["old,new", *rows]), "utf-8")
    return file


def read(file: Path) -> str:
    said = StringIO()
    call_command("import_redirects", file, stdout=said)
    return said.getvalue()


def test_a_table_is_imported_and_may_be_imported_again(about: StandardPage, tmp_path: Path) -> None:
    file = table(tmp_path, "/who-we-are/,/about-us/", "", "# a note", "https://old.example.org/book/,/enquiry/")
    assert read(file) == "2 old addresses are new, 0 were there before.\n"
    assert read(file) == "0 old addresses are new, 2 were there before.\n"
    assert Redirect.objects.get(old_path="/who-we-are").redirect_page.specific == about
    assert answer("/book") == (301, "/enquiry/"), "at whatever address the site is tried"


def test_a_changed_row_replaces_the_old_one(about: StandardPage, tmp_path: Path) -> None:
    read(table(tmp_path, "/who-we-are/,https://example.org/us/"))
    assert answer("/who-we-are/") == (301, "https://example.org/us/")
    read(table(tmp_path, "/who-we-are/,/about-us/"))
    assert answer("/who-we-are/") == (301, "/about-us/")


def test_a_table_with_a_row_that_cannot_work_is_not_imported_at_all(about: StandardPage, tmp_path: Path) -> None:
    file = table(
        tmp_path, "/fine/,/about-us/", "/?page_id=2,/about-us/", "/about-us/,/", "/x/,/nothing/", "/y/,", "/z/,/z/"
    )
    with pytest.raises(CommandError) as refused:
        read(file)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "Nothing was imported.",
        "Line 3, /?page_id=2",
        "Line 4, /about-us/",
        "Line 5, /x/",
        "Line 6, /y/",
        "Line 7, /z/",
    ]
    assert not Redirect.objects.exists()


def test_a_row_is_found_however_it_and_the_address_are_written(about: StandardPage, tmp_path: Path) -> None:
    read(table(tmp_path, "/Index.PHP,/about-us/"))
    lead("/Who-We-Are/", about)
    for address in ("/Index.PHP", "/index.php", "/INDEX.PHP", "/Who-We-Are/", "/who-we-are", "/WHO-WE-ARE/?a=B"):
        assert answer(address) == (301, "/about-us/"), address


def test_a_table_with_semicolons_is_read_too(about: StandardPage, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text('\ufeff"old";"new"\r\n"/us,all/";/about-us/\r\n', "utf-8")
    assert read(file) == "1 old addresses are new, 0 were there before.\n"
    assert answer("/us,all/") == (301, "/about-us/")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"/who-we-are/,/about-us/\n/us/,/about-us/\n", "The first line has to name the columns"),
        (b"", "The first line has to name the columns"),
        ("old,new\n/équipe/,/about-us/\n".encode("windows-1252"), "save it as “CSV UTF-8”"),
        (b"PK\x03\x04\xff\xfe", "save it as “CSV UTF-8”"),
        (b"old,new\n/a\0b/,/about-us/\n", "Line 2, /a\0b/: There are signs in it that no address has."),
        (f"old,new\n/{'a' * 300}/,/about-us/\n".encode(), "An address may have 255 signs."),
        (f"old,new\n/us/,https://example.org/{'a' * 300}\n".encode(), "An address may have 255 signs."),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(
    about: StandardPage, tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "old.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=re.escape(reason)):
        read(file)
    assert not Redirect.objects.exists()


def test_a_missing_table_is_said(home: HomePage, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        read(tmp_path / "nowhere.csv")


def test_a_manager_may_import_a_table_in_the_admin(manager: User, about: StandardPage) -> None:
    client = Client()
    client.force_login(manager)
    start = reverse("wagtailredirects:start_import")
    assert client.get(start).status_code == 200
    file = SimpleUploadedFile("old.csv", b"old,new\n/who-we-are/,https://fireweed.example.org/about-us/\n", "text/csv")
    shown = client.post(start, {"import_file": file, "input_format": "0"})
    confirm = shown.context["form"].initial | {"from_index": "0", "to_index": "1", "permanent": "on", "site": ""}
    client.post(reverse("wagtailredirects:process_import"), {name: value or "" for name, value in confirm.items()})
    assert answer("/who-we-are/") == (301, "https://fireweed.example.org/about-us/")


def test_physiotherapists_do_not_change_where_addresses_lead(physio: User) -> None:
    client = Client()
    client.force_login(physio)
    assert client.get(reverse("wagtailredirects:start_import")).status_code == 302
    assert client.get(reverse("wagtailredirects:index")).status_code == 302

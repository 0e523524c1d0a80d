"""Words that should not wait: the emergency wording comes first, and nothing is stored until the person says so."""

import logging
import re
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinic.models import ClinicDetails
from contact.intake import submission
from contact.models import Enquiry, EnquiryEvent, RedFlag
from tests.contact.factories import answers

pytestmark = pytest.mark.django_db

WORDS = "I can’t breathe\nand have <chest pain>."


def hidden(html: str) -> dict[str, str]:
    """Return the hidden values that the page gives back."""
    return dict(re.findall(r'<input type="hidden" name="(confirmed|warned)" value="([^"]+)"', html))


@pytest.mark.usefixtures("details")
def test_the_emergency_wording_comes_first_and_nothing_is_stored(client: Client) -> None:
    response = client.post("/enquiry/", answers(message=WORDS, voicemail_ok="on"))
    html = response.content.decode()
    main = html.partition("<main")[2]
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert "<title>Not sent yet: please read this first" in html
    assert main.index('href="tel:911"') < main.index('href="tel:811"') < main.index('href="tel:988"')
    assert not re.search(r'class="call__number"[^<]*</a>\s*[.,;]', main), "a mark floats beside a number"
    assert main.index('href="tel:988"') < main.index("Why you are seeing this") < main.index("<form")
    assert "Chest pain" in main
    assert "Trouble breathing" in main
    assert "Send anyway</button>" in main
    assert "I can’t breathe\nand have &lt;chest pain&gt;.</textarea>" in main
    assert 'value="Sam Sample"' in main
    assert re.search(r'name="voicemail_ok"[^>]* checked', main)
    assert not Enquiry.objects.exists()
    assert not EnquiryEvent.objects.exists()
    assert not client.cookies


def test_sent_anyway_it_is_stored_with_its_signs_and_tells_staff(client: Client) -> None:
    page = client.post("/enquiry/", answers(message=WORDS)).content.decode()
    response = client.post("/enquiry/", answers(message=WORDS) | hidden(page))
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    assert enquiry.red_flags == ["Chest pain", "Trouble breathing"]
    assert enquiry.message == WORDS
    assert enquiry.status == "new"
    assert enquiry.messages.count() == 2
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.reference, event.detail) == ("received", enquiry.reference, "with warning signs")


def test_a_second_press_is_no_second_enquiry(client: Client) -> None:
    page = client.post("/enquiry/", answers(message=WORDS)).content.decode()
    first = client.post("/enquiry/", answers(message=WORDS) | hidden(page))
    assert client.post("/enquiry/", answers(message=WORDS) | hidden(page))["Location"] == first["Location"]
    client.post("/enquiry/", answers(message="My knee.") | hidden(page))
    changed = Enquiry.objects.latest("pk")
    assert (changed.message, changed.red_flags) == ("My knee.", [])


@pytest.mark.parametrize("forged", ["warned", "warned:1:forged", "", "\x00"])
def test_nobody_can_say_of_themselves_that_the_page_already_shown(client: Client, forged: str) -> None:
    assert client.post("/enquiry/", answers(message=WORDS, warned=forged)).status_code == 200
    assert not Enquiry.objects.exists()


def test_an_error_afterwards_does_not_bring_the_page_again(client: Client) -> None:
    page = client.post("/enquiry/", answers(message=WORDS)).content.decode()
    wrong = client.post("/enquiry/", answers(message=WORDS, name="") | hidden(page))
    assert wrong.status_code == 422
    assert client.post("/enquiry/", answers(message=WORDS) | hidden(wrong.content.decode())).status_code == 303


def test_a_browser_that_hides_its_origin_gets_through_both_pages(client: Client) -> None:
    headers = {"Origin": "null"}
    elsewhere = client.post("/enquiry/", answers(message=WORDS), headers=headers)
    assert elsewhere.status_code == 403
    warning = client.post("/enquiry/", answers(message=WORDS) | hidden(elsewhere.content.decode()), headers=headers)
    assert warning.status_code == 200
    assert set(hidden(warning.content.decode())) == {"confirmed", "warned"}
    sent = client.post("/enquiry/", answers(message=WORDS) | hidden(warning.content.decode()), headers=headers)
    assert sent.status_code == 303


def test_a_database_that_comes_back_takes_what_was_sent_anyway(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = client.post("/enquiry/", answers(message=WORDS)).content.decode()
    with monkeypatch.context() as down:
        down.setattr(submission, "submit_enquiry", Mock(side_effect=OperationalError("down")))
        unavailable = client.post("/enquiry/", answers(message=WORDS) | hidden(page))
    assert unavailable.status_code == 503
    again = client.post("/enquiry/", answers(message=WORDS) | hidden(unavailable.content.decode()))
    assert again.status_code == 303


@pytest.mark.usefixtures("database_gone")
def test_without_a_database_the_built_in_words_still_bring_the_emergency_wording(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = client.post("/enquiry/", answers(message=WORDS))
    assert response.status_code == 200
    assert 'href="tel:911"' in response.content.decode()
    assert "Send anyway" in response.content.decode()
    assert "could not be read" in caplog.text
    assert "breathe" not in caplog.text
    page = response.content.decode()
    assert client.post("/enquiry/", answers(message=WORDS) | hidden(page)).status_code == 503


def test_managers_words_count_and_words_out_of_use_do_not(client: Client) -> None:
    RedFlag.objects.update(is_active=False)
    assert client.post("/enquiry/", answers(message=WORDS)).status_code == 303
    RedFlag.objects.create(name="Bear", words="bear*\n")
    assert client.post("/enquiry/", answers(message="Bears!")).status_code == 200
    RedFlag.objects.all().delete()
    assert client.post("/enquiry/", answers(message=f"{WORDS}!")).status_code == 200, "the built-in list is used"


def test_the_emergency_wording_is_the_clinics_own(client: Client, details: ClinicDetails) -> None:
    details.emergency_wording = "Ring 211, at once."
    details.save()
    html = client.post("/enquiry/", answers(message=WORDS)).content.decode()
    assert 'href="tel:211"' in html.partition("<main")[2].partition("<h2")[0]


def test_the_page_takes_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/enquiry/")
    with django_assert_max_num_queries(12):
        client.post("/enquiry/", answers(message=WORDS))


def test_who_was_warned_and_sent_it_anyway_is_no_suspect(client: Client) -> None:
    text = f"{WORDS} casino backlinks https://a.example https://b.example"
    spam = answers(message=text, website="x")
    page = client.post("/enquiry/", spam).content.decode()
    client.post("/enquiry/", spam | hidden(page))
    enquiry = Enquiry.objects.get()
    assert enquiry.screening_score >= 5
    assert enquiry.status == "new"


def test_the_table_that_cannot_be_read_costs_no_enquiry(client: Client) -> None:
    """Only the screening's own tables are gone, as in the middle of an update: the enquiry is stored unjudged."""

    def without(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if "contact_desksettings" in sql or "contact_redflag" in sql:
            raise OperationalError("no such table")
        return execute(sql, *args)

    with connection.execute_wrapper(without):
        assert client.post("/enquiry/", answers(website="x")).status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.screening_score, enquiry.honeypot_filled) == ("new", 0, True)

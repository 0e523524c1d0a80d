"""Warning signs: the emergency wording is shown first, and nothing is stored until the patient sends it anyway."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client

from contact.intake import submission
from contact.models import DeskSettings, Enquiry, EnquiryEvent, RedFlag
from contact.privacy_notice import current_notice
from tests.contact.factories import answers
from tests.markup import Markup

WORDS = "I can’t breathe\nand have <chest pain>."


@pytest.fixture
def warned(client: Client) -> dict[str, str]:
    """What the warning page sends when the patient presses "Send anyway"."""
    return answers(message=WORDS) | signed_values(client.post("/enquiry/", answers(message=WORDS)))


def signed_values(response: Any) -> dict[str, str]:
    hidden = Markup(response.content.decode()).hidden_inputs()
    return {name: hidden[name] for name in ("confirmed", "warned") if name in hidden}


@pytest.mark.usefixtures("details")
def test_the_emergency_wording_is_first_and_nothing_stored(client: Client, django_assert_max_num_queries: Any) -> None:
    client.get("/enquiry/")
    with django_assert_max_num_queries(12):
        response = client.post("/enquiry/", answers(message=WORDS, voicemail_ok="on"))
    title, _, main = response.content.decode().partition("<main")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")
    assert "<title>Not sent yet: please read this first" in title
    ways = ('href="tel:911"', 'href="tel:811"', 'href="tel:988"', "Why you are seeing this", "<form")
    assert sorted(ways, key=main.index) == [*ways]
    typed = "I can’t breathe\nand have &lt;chest pain&gt;.</textarea>"
    shown = ("Chest pain", "Trouble breathing", "Send anyway</button>", 'value="Sam Sample"', typed)
    assert [words for words in shown if words not in main] == []
    assert re.search(r'name="voicemail_ok"[^>]* checked', main)
    assert Enquiry.objects.count() == EnquiryEvent.objects.count() == len(client.cookies) == 0


def test_sent_anyway_it_is_stored_once_with_its_warning_signs(client: Client, warned: dict[str, str]) -> None:
    response = client.post("/enquiry/", warned)
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.message, enquiry.status, enquiry.messages.count()) == (WORDS, "new", 2)
    assert enquiry.red_flags == ["Chest pain", "Trouble breathing"]
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.reference, event.detail) == ("received", enquiry.reference, "with warning signs")
    assert client.post("/enquiry/", warned)["Location"] == response["Location"], "a double click"
    client.post("/enquiry/", warned | {"message": "My knee."})
    changed = Enquiry.objects.latest("pk")
    assert (changed.message, changed.red_flags) == ("My knee.", [])
    text = f"{WORDS} casino backlinks https://a.example https://b.example"
    client.post("/enquiry/", warned | {"message": text, "website": "x"})
    enquiry = Enquiry.objects.latest("pk")
    assert (enquiry.screening_score >= 5, enquiry.status) == (True, "new"), "it is not suspected of spam"


def test_it_is_shown_once_and_not_skipped_by_a_forged_value(client: Client, warned: dict[str, str]) -> None:
    for forged in ("warned", "warned:1:forged", "", "\x00"):
        assert client.post("/enquiry/", answers(message=WORDS, warned=forged)).status_code == 200
    wrong = client.post("/enquiry/", warned | {"name": ""})
    assert wrong.status_code == 422
    assert not Enquiry.objects.exists()
    assert client.post("/enquiry/", answers(message=WORDS) | signed_values(wrong)).status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": "", "phone": ""}, {"email": "jane@."}, {"message": f"{WORDS} {'x' * 5000}"}]
)
def test_it_comes_before_any_error_and_again_above_the_error(client: Client, wrong: dict[str, str]) -> None:
    page = client.post("/enquiry/", answers(message=WORDS) | wrong)
    assert (page.status_code, b"please read this first" in page.content) == (200, True)
    assert b"autofocus" not in page.content, "the page would scroll past the numbers to call"
    again = client.post("/enquiry/", answers(message=WORDS) | wrong | signed_values(page))
    assert again.status_code == 422
    for field in ("name", "phone"):
        assert client.post("/enquiry/", answers(message="") | {field: "I cant breath"}).status_code == 200
    main = again.content.decode().partition("<main")[2]
    assert main.index('href="tel:911"') < main.index("<form")
    assert "Please read this first" in main.partition("<form")[0]


def test_whoever_writes_in_french_reads_the_wording_in_both_languages(client: Client) -> None:
    for message, in_french in (("Je n’arrive plus à respirer", True), ("I cannot breathe", False)):
        main = client.post("/enquiry/", answers(message=message)).content.decode().partition("<main")[2]
        assert "In an emergency" in main
        assert ('lang="fr"' in main and "En cas d’urgence" in main) is in_french


def test_the_same_words_can_be_sent_again_once_the_database_is_back(client: Client, warned: dict[str, str]) -> None:
    words, notice = f"{WORDS}\nÜnï", current_notice()
    assert notice
    sent = warned | {"message": words, "voicemail_ok": "on", "notice": notice.version}
    with patch.object(submission, "submit_enquiry", side_effect=OperationalError("down")):
        unavailable = client.post("/enquiry/", sent)
    assert unavailable.status_code == 503
    DeskSettings.objects.update(keep_closed_days=30)  # another notice, which this person did not see
    assert client.post("/enquiry/", Markup(unavailable.content.decode()).hidden_inputs()).status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.message, enquiry.voicemail_ok, enquiry.best_time) == (words, True, "morning")
    assert enquiry.privacy_notice == notice


@pytest.mark.usefixtures("database_gone")
def test_without_a_database_the_built_in_phrases_are_used(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = client.post("/enquiry/", answers(message=WORDS))
    assert response.status_code == 200
    assert [words for words in (b'href="tel:911"', b"Send anyway") if words not in response.content] == []
    assert [words for words in ("could not be read", "breathe") if words in caplog.text] == ["could not be read"]
    assert client.post("/enquiry/", answers(message=WORDS) | signed_values(response)).status_code == 503


def test_phrases_that_managers_add_count_and_inactive_ones_do_not(client: Client) -> None:
    RedFlag.objects.update(is_active=False)
    assert client.post("/enquiry/", answers(message=WORDS)).status_code == 303
    RedFlag.objects.create(name="Bear", words="bear*\n")
    assert client.post("/enquiry/", answers(message="Bears!")).status_code == 200
    RedFlag.objects.all().delete()
    assert client.post("/enquiry/", answers(message=f"{WORDS}!")).status_code == 200, "the built-in list is used"


def test_an_enquiry_is_stored_even_if_the_screenings_own_tables_cannot_be_read(client: Client) -> None:
    def without(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if any(table in sql for table in ("desksettings", "redflag", "spamfeature", "mailedreceipts")):
            raise OperationalError("no such table")
        return execute(sql, *args)

    with connection.execute_wrapper(without):
        assert client.post("/enquiry/", answers(website="x")).status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.screening_score, enquiry.honeypot_filled) == ("new", 0, True)

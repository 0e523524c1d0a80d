"""No single weak sign, and nothing that is true of people's circumstances, makes a person a suspect."""

from typing import Any

import pytest

from contact.models.settings import SPAM_PHRASES
from contact.screening import spam

LINE = 5
PHRASES = SPAM_PHRASES.splitlines()

PATIENTS = [
    "",
    "Do you have time next week for my tennis elbow?",
    "Bonjour, je voudrais un rendez-vous pour mon genou. Merci!",
    "My referral is at https://referrals.example.org/abc and my doctor's page is www.example.org/doctor",
    "I work at the casino in Dawson, evenings only. Could I come in the morning?",
    "I do web design services from home and sit all day; my neck is stiff.",
    "URGENT!!! my back went out AGAIN $$$ how much is a visit???",
    "请问周三有时间吗？",
    "Мне нужна запись на приём",
]  # fmt: skip
ADVERTISEMENTS = [
    "We offer SEO services and bring you to the first page of Google: https://seo.example",
    "Guest post on your site with dofollow backlinks, see https://a.example https://b.example",
    "Increase your traffic! https://a.example https://b.example https://c.example",
    "Best online CASINO https://x.example http://y.example www.z.example",
]


def signs(text: str, **came: Any) -> list[spam.Sign]:
    return spam.signs_of_spam(text, phrases=PHRASES, most_from_one_address=6, **came)


@pytest.mark.parametrize("text", PATIENTS)
@pytest.mark.parametrize(
    "came",
    [{}, {"headers_missing": True}, {"honeypot_filled": True}, {"from_this_address": 7}, {"from_this_address": 60}],
)
def test_a_patient_with_an_odd_browser_or_a_shared_address_is_no_suspect(text: str, came: dict[str, Any]) -> None:
    assert not spam.assess(signs(text, **came), LINE).is_suspected


@pytest.mark.parametrize(
    "came",
    [
        {"honeypot_filled": True, "headers_missing": True},
        {"honeypot_filled": True, "from_this_address": 7},
        {"headers_missing": True, "from_this_address": 60},
    ],
)
def test_two_odd_circumstances_do_not_make_a_suspect_of_plain_words(came: dict[str, Any]) -> None:
    assert not spam.assess(signs("Do you have time next week?", **came), LINE).is_suspected


@pytest.mark.parametrize("text", ADVERTISEMENTS)
def test_advertising_is_over_the_line_when_a_machine_sent_it(text: str) -> None:
    assert spam.assess(signs(text, headers_missing=True, honeypot_filled=True), LINE).is_suspected
    assert spam.assess(signs(text), LINE).is_suspected


def test_all_circumstances_together_are_a_machine() -> None:
    came = {"honeypot_filled": True, "headers_missing": True, "from_this_address": 7}
    assert spam.assess(signs("hello", **came), LINE).is_suspected


@pytest.mark.parametrize("line", [1, 2, 3])
def test_one_sign_alone_is_never_enough_however_low_the_line(line: int) -> None:
    for came in ({"headers_missing": True}, {"honeypot_filled": True}, {"from_this_address": 60}):
        assert not spam.assess(signs("hello", **came), line).is_suspected
    assert not spam.assess(signs("https://a.example https://b.example https://c.example"), line).is_suspected
    assert not spam.assess(signs("casino seo services backlinks guest post"), line).is_suspected


def test_the_score_has_its_reasons_in_words() -> None:
    found = signs("CASINO  dofollow www.a.example", honeypot_filled=True, headers_missing=True, from_this_address=19)
    assert [(sign.weight, sign.reason) for sign in found] == [
        (2, "A field that people cannot see was filled in"),
        (1, "The browser did not say where the form came from"),
        (2, "19 enquiries from one network address within a day"),
        (1, "1 web link"),
        (4, "Known from advertising: casino, dofollow"),
    ]
    assert spam.assess(found, LINE).score == 10


def test_what_comes_from_one_address_as_usual_is_no_sign() -> None:
    assert signs("hello", from_this_address=6) == []


def test_a_phrase_is_whole_words_and_an_empty_line_is_none() -> None:
    assert spam.signs_of_spam("seoservices, casinos", phrases=["seo", "casino", "", " "]) == []


def test_an_email_address_is_no_link() -> None:
    assert signs("write to sam@www.example.org") == []

"""Finding one enquiry among 200,000: by the beginning of any word of a name, by address, and by number."""

from __future__ import annotations

import pytest
from django.db import connection

from contact.models import Enquiry, EnquiryWord
from tests.contact.factories import make_enquiry

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[Enquiry]:
    return list(Enquiry.objects.filter(pk__in=EnquiryWord.objects.found(typed)))


@pytest.mark.parametrize(
    "typed",
    [
        "Zoë", "zoe", "GAGNÉ", "gagne", "gagn", "gagne zoe", "o'brien", "OBrien", "zoe.g@example.com", "ZOE.G@",
        "867-555-0199", "(867) 555-0199", "+1 867.555.0199", "1 867 555 0199", "+1 867", "5550199", "555-019", "0199",
    ],
)  # fmt: skip
def test_one_is_found_however_it_is_typed(typed: str) -> None:
    wanted = make_enquiry(name="Zoë O’Brien-Gagné", email="Zoe.G@example.com", phone="867-555-0199 ext. 3")
    make_enquiry(phone="250-555-0142")
    assert found(typed) == [wanted]


@pytest.mark.parametrize("phone", ["0044 20 7946 0958", "+44 (0)20 7946 0958", "011 44 20 7946 0958"])
@pytest.mark.parametrize("typed", ["+44 20 7946 0958", "0044 20 7946 0958", "01144 20 7946", "0044207", "0958"])
def test_a_number_abroad_is_found_however_it_is_typed(phone: str, typed: str) -> None:
    wanted = make_enquiry(phone=phone)
    make_enquiry(phone="867-555-0199")
    assert found(typed) == [wanted]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Łukasz Đorđević", "lukasz dordevic"), ("Bjørn Æsir", "bjorn aesir"), ("Þóra Strauß", "thora strauss")],
)
def test_letters_that_hold_no_accent_are_found_by_ours(name: str, typed: str) -> None:
    wanted = make_enquiry(name=name)
    assert found(typed) == [wanted]
    assert found(name.upper()) == [wanted]


@pytest.mark.parametrize("typed", ["", "  ", "-", "@", "zoe zed", "\x00", "%", "_", "ob%", "5551", "😀"])
def test_nobody_is_found_by_what_nobody_has(typed: str) -> None:
    make_enquiry(name="Zoe Gagne", email="", phone="867-555-0199")
    assert found(typed) == []


def test_the_newest_come_first_and_no_more_than_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contact.models.word.MOST_FOUND", 2)
    _first, second, third = make_enquiry(), make_enquiry(), make_enquiry()
    assert set(found("sam sample")) == {second, third}


def test_words_are_written_with_the_enquiry_and_go_with_it() -> None:
    enquiry = make_enquiry(name="Robin Rare", email="", phone="")
    assert list(EnquiryWord.objects.values_list("word", flat=True)) == ["rare", "robin"]
    enquiry.name = "Removed"
    enquiry.save(update_fields=["name"])
    assert list(EnquiryWord.objects.values_list("word", flat=True)) == ["removed"]
    enquiry.delete()
    assert not EnquiryWord.objects.exists()


def test_a_decision_does_not_write_them_anew() -> None:
    enquiry = make_enquiry()
    before = list(EnquiryWord.objects.values_list("pk", flat=True))
    enquiry.status = "closed"
    enquiry.save(update_fields=["status"])
    assert list(EnquiryWord.objects.values_list("pk", flat=True)) == before


def test_the_canary_is_not_found() -> None:
    make_enquiry(name="Canary", is_canary=True)
    assert not EnquiryWord.objects.exists()


def test_a_beginning_is_looked_for_in_the_index() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole; tests.load.desk measures it on a large one.")
    plan = EnquiryWord.objects.filter(word__begins="rob").values("enquiry").explain()
    assert "USING COVERING INDEX enquiry_word" in plan

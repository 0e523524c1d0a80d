"""What visitors find, whatever they type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.html import escape
from django.utils.http import urlencode
from wagtail.models import Site

from clinic.models import SearchWords
from clinic.public.search import MOST_SPELLINGS, RESULTS_PER_PAGE, find_pages, with_synonyms
from tests import factories

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from clinic.models import HomePage

WILD = [
    "", " ", '"', '""', "'", "''", "\\", "\\\\", "*", "-", "--", "+", "^", ":", "(", ")", "()", "[", "{", "}", "%", "_",
    "~", "|", "&", "!", ";", "<script>", "😀", "👩🏽\u200d⚕️", "AND", "OR", "NOT", "AND OR NOT", "NEAR(a b)",
    "title:ims", "ims*", "-ims", "ims -", "ims'", 'ims"', "\x00", "ims\x00", "ẞ", "ﬃ", "\u202e", "a" * 10_000,
    "a " * 5_000, '" ' * 5_000, "😀" * 2_500,
]  # fmt: skip

WILD_QUERIES = ["q=%00", "q=%22", "q=%FF%FE", "q=%ED%A0%80", "q", "", "q[]=1", "q=a&q=b", "q=ims&page=%00"]


def titles(request: HttpRequest, typed: str, page_number: str = "1") -> list[str]:
    found = find_pages(request, typed, page_number).page
    return [page.title for page in found] if found else []


def set_synonyms(text: str) -> None:
    words = SearchWords.for_site(Site.objects.get())
    words.synonyms = text
    words.save()


def test_whole_words_come_before_words_that_only_begin_like_them(visit: HttpRequest, home: HomePage) -> None:
    factories.make_standard("Handling stress")
    factories.make_standard("Hand pain")
    assert titles(visit, "hand") == ["Hand pain", "Handling stress"]


def test_words_with_a_slash_between_them_are_two(visit: HttpRequest, home: HomePage) -> None:
    factories.make_standard("Neck and back pain")
    assert titles(visit, "back/neck") == ["Neck and back pain"]


@pytest.mark.parametrize("typed", ["?", "😀", "%", '"'])
def test_punctuation_alone_finds_nothing(client: Client, home: HomePage, typed: str) -> None:
    page = client.get(f"/search/?{urlencode({'q': typed})}").content.decode()
    assert f"No results for “{escape(typed)}”." in page
    assert 'name="robots" content="noindex"' in page


def test_the_home_page_comes_after_the_pages_it_leads_to(visit: HttpRequest, home: HomePage) -> None:
    home.search_description = home.introduction = "Knee pain, and how we help."
    home.save_revision().publish()
    factories.make_condition(title="Knee pain")
    assert titles(visit, "knee") == ["Knee pain", home.title]


def test_the_first_letters_of_a_word_are_enough(visit: HttpRequest, home: HomePage) -> None:
    factories.make_condition("Fibromyalgia")
    assert titles(visit, "fibro") == ["Fibromyalgia"]


def test_a_treatment_is_found_by_its_short_name_and_by_what_it_helps_with(visit: HttpRequest, home: HomePage) -> None:
    factories.make_service("Intramuscular stimulation", short_name="IMS", helps_with="Tennis elbow")
    assert titles(visit, "ims") == ["Intramuscular stimulation"]
    assert titles(visit, "tennis elbow") == ["Intramuscular stimulation"]


def test_results_have_the_introductions_of_their_pages(visit: HttpRequest, home: HomePage) -> None:
    factories.make_service("Pain and needles", introduction="What a session is like.")
    factories.make_standard("Pain and sleep", introduction="How to lie down.")
    found = find_pages(visit, "pain", "1").page
    assert found is not None
    shown = {page.title: getattr(page, "introduction", None) for page in found}
    assert shown == {"Pain and needles": "What a session is like.", "Pain and sleep": "How to lie down."}


def test_when_no_page_holds_all_words_pages_with_one_of_them_are_shown(visit: HttpRequest, home: HomePage) -> None:
    factories.make_standard("Frozen shoulder")
    factories.make_standard("Frozen lake")
    assert titles(visit, "frozen shoulder") == ["Frozen shoulder"]
    assert titles(visit, "shoulder") == ["Frozen shoulder"], "once, though it is found as a word and by its beginning"
    assert titles(visit, "shoulder xylophone") == ["Frozen shoulder"]
    assert titles(visit, "xylophone") == []


def test_only_published_pages_of_the_site_are_found(visit: HttpRequest, home: HomePage) -> None:
    factories.make_standard("Summer plans", live=False)
    factories.make_standard("Summer elsewhere", parent=home.get_parent())
    page = factories.make_standard("Summer hours")
    assert titles(visit, "summer") == ["Summer hours"]
    page.unpublish()
    assert titles(visit, "summer") == []


def test_a_synonym_finds_the_page_too_and_the_results_name_it(visit: HttpRequest, home: HomePage) -> None:
    set_synonyms("ims, dry needling\nphysio, physiotherapy")
    factories.make_standard("Dry needling explained")
    results = find_pages(visit, "IMS", "1")
    assert results.also_searched == ["dry needling"]
    assert titles(visit, "IMS") == ["Dry needling explained"]


def test_each_word_of_a_group_finds_the_pages_of_all(visit: HttpRequest, home: HomePage) -> None:
    set_synonyms("sciatica, lumbago")
    factories.make_standard("Lumbago")
    factories.make_standard("Sciatica")
    for typed in ("sciatica", "Lumbago"):
        assert sorted(titles(visit, typed)) == ["Lumbago", "Sciatica"]


def test_synonyms_replace_whole_words_only() -> None:
    assert with_synonyms("simsalabim", [["ims", "needling"]]) == ["simsalabim"]
    assert with_synonyms("ims for my neck", [["ims", "needling"]]) == ["ims for my neck", "needling for my neck"]


def test_a_synonym_is_text_whatever_characters_it_has() -> None:
    assert with_synonyms("c++ (pain)", [["(pain)", r"\1 \g<0>"]]) == ["c++ (pain)", r"c++ \1 \g<0>"]


def test_no_query_becomes_more_than_six_searches() -> None:
    groups = [[f"a{n}" for n in range(10)], [f"b{n}" for n in range(10)]]
    assert len(with_synonyms("a1 b1", groups)) == MOST_SPELLINGS


@pytest.mark.django_db
def test_synonyms_are_read_line_by_line_without_empty_words() -> None:
    words = SearchWords(synonyms="IMS, Dry Needling ,,\n\n , \nfee,cost")
    assert words.groups == [["ims", "dry needling"], ["fee", "cost"]]
    assert str(words) == "search words"


def test_an_empty_search_makes_no_query(
    visit: HttpRequest, home: HomePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Site.find_for_request(visit)
    with django_assert_num_queries(0):
        assert find_pages(visit, ' " ', "1").page is None


def test_without_a_site_nothing_is_found(visit: HttpRequest, home: HomePage) -> None:
    Site.objects.all().delete()
    results = find_pages(visit, "ims", "1")
    assert results.page is None
    assert results.query == "ims"


def make_many(number: int) -> None:
    for count in range(number):
        factories.make_standard(f"Winter advice {count}")


def test_results_come_ten_to_a_page_and_a_nonsense_page_number_shows_some_page(
    visit: HttpRequest, home: HomePage, client: Client
) -> None:
    for count in range(12):
        factories.make_standard(f"Winter advice {count}")
    first, second = titles(visit, "winter"), titles(visit, "winter", "2")
    assert (len(first), len(second)) == (RESULTS_PER_PAGE, 2)
    assert not set(first) & set(second)
    for number in ("", "0", "-1", "99999", "two", "1.5", "\x00", "9" * 5_000, "٢"):
        assert titles(visit, "winter", number), number
    content = client.get("/search/", {"q": "winter advice"}).content.decode()
    assert "q=winter+advice&amp;page=2" in content
    assert client.get("/search/?q=winter+advice&page=2").status_code == 200


@pytest.mark.django_db
def test_the_search_page_answers_whatever_is_typed(client: Client) -> None:
    factories.make_service(short_name="IMS")
    for query in (*(urlencode({"q": typed}) for typed in WILD), *WILD_QUERIES):
        response = client.get(f"/search/?{query}")
        assert response.status_code == 200, query[:40]
        assert "<h1" in response.content.decode(), query[:40]


@pytest.mark.django_db
def test_what_was_typed_is_shown_again_as_text(client: Client) -> None:
    page = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.django_db
def test_the_search_page_links_to_what_it_found(client: Client) -> None:
    page = factories.make_service("Manual therapy")
    content = client.get("/search/", {"q": "manual"}).content.decode()
    assert f'href="{page.url}"' in content
    assert "Manual therapy" in content

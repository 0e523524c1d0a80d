import re
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.utils.html import escape
from django.utils.http import urlencode
from hypothesis import given
from hypothesis.strategies import text
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Site
from wagtail.rich_text import RichText

from clinic.models import ClinicDetails, HomePage, SearchEntry, SearchWords
from clinic.public.search import LONGEST_PASSAGE, RESULTS_PER_PAGE, Matches, find_pages
from clinic.public.search_index import Term
from clinic.public.views import warning_signs_in
from tests import factories

pytestmark = pytest.mark.django_db

WILD = [
    "", " ", '"', '""', "'", "''", "\\", "\\\\", "*", "-", "--", "+", "^", ":", "(", ")", "()", "[", "{", "}", "%", "_",
    "~", "|", "&", "!", ";", "<script>", "😀", "👩🏽\u200d⚕️", "AND", "OR", "NOT", "AND OR NOT", "NEAR(a b)",
    "title:ims", "ims*", "-ims", "ims -", "ims'", 'ims"', "\x00", "ims\x00", "ẞ", "ﬃ", "\u202e", "a" * 10_000,
    "a " * 5_000, '" ' * 5_000, "😀" * 2_500,
]  # fmt: skip
WILD_QUERIES = ["q=%00", "q=%22", "q=%FF%FE", "q=%ED%A0%80", "q", "", "q[]=1", "q=a&q=b", "q=ims&page=%00"]


def titles(request: HttpRequest, typed: str, page_number: str = "1") -> list[str]:
    return [result.page.title for result in find_pages(request, typed, page_number).found]


def passage(request: HttpRequest, typed: str) -> str:
    """Return the passage of the first result."""
    return str(find_pages(request, typed, "1").found[0].passage)


def test_whole_words_come_before_beginnings_of_words_and_home_comes_last(visit: HttpRequest, home: HomePage) -> None:
    home.search_description = home.introduction = "Hand pain, and how we help."
    home.save_revision().publish()
    factories.make_standard("Handling stress")
    factories.make_standard("Hand pain")
    assert titles(visit, "hand") == ["Hand pain", "Handling stress", home.title]


def test_when_nothing_is_found_form_phone_and_main_pages_are_offered(client: Client, details: ClinicDetails) -> None:
    factories.make_fees_page(show_in_menus=True)
    for typed in ("xylophone", "?", "😀", "%", '"'):
        page = client.get(f"/search/?{urlencode({'q': typed})}").text
        assert 'name="robots" content="noindex"' in page
        main = page.partition("<main")[2].partition("</main")[0]
        assert f"No results for “{escape(typed)}”." in main
        for href in ("/enquiry/", "tel:+18675550142", "/fees/"):
            assert f'href="{href}"' in main


def test_a_misspelled_word_is_understood_and_a_word_that_no_page_has_is_not_taken_for_another(
    visit: HttpRequest, home: HomePage
) -> None:
    factories.make_standard("Physiotherapy for widespread neck and back pain")
    for typed, corrected in (("fysio", "physio"), ("nek pian", "neck pain"), ("wide spread", "widespread")):
        results = find_pages(visit, typed, "1")
        assert results.corrected == corrected
        assert results.found
    factories.make_standard("Stroll, store, sex", introduction="All kinds of things, later. The jabs are 20. An arch.")
    for typed in ("heart attack", "x" * 40, "stroke", "kids", "laser", "xylophone", "jobs", "867-555-0142", "O’Brien"):
        results = find_pages(visit, typed, "1")
        assert (results.corrected, results.found) == ("", ()), typed


def test_each_result_says_what_it_is_and_marks_the_words_that_matched(visit: HttpRequest, home: HomePage) -> None:
    factories.make_service("Pain & needles", introduction="What a session is like.")
    factories.make_condition("Knee pain", introduction="Knees <b>hurt</b>. Stairs are hard.")
    factories.make_practitioner("Robin Pain")
    factories.make_standard("Pain and sleep")
    found = find_pages(visit, "pain", "1").found
    assert sorted(result.kind for result in found) == ["Condition", "Page", "Person", "Treatment"]
    assert {str(result.title) for result in found} >= {"<mark>Pain</mark> &amp; needles", "Knee <mark>pain</mark>"}
    assert passage(visit, "knees") == "<mark>Knees</mark> &lt;b&gt;hurt&lt;/b&gt;."
    factories.make_standard("Stiff", introduction="Dry needling (I.M.S) or “dry-needling” for skin?")
    assert passage(visit, "dry needling skin") == (
        "<mark>Dry</mark> <mark>needling</mark> (<mark>I.M.S</mark>) or “<mark>dry</mark>-<mark>needling</mark>” "
        "for <mark>skin</mark>?"
    )


def test_the_passage_with_most_matches_is_shown_and_a_long_one_shortened(visit: HttpRequest, home: HomePage) -> None:
    long = f"{'word ' * 200}plug for your block heater{' word' * 200}"
    factories.make_standard("Parking", introduction="A heater.", body=[("text", RichText(f"<p>{long}</p>"))])
    found = passage(visit, "plug heater")
    assert re.fullmatch("… word.*<mark>plug</mark> for your block <mark>heater</mark>.*word …", found)
    assert len(found) < LONGEST_PASSAGE * 2


@given(text())
def test_marking_what_matched_changes_no_text(shown: str) -> None:
    terms = [Term(" dry needl ", "", ("a b",), (" a b ",)), Term(" needl ", " needl", (), ())]
    for written in (shown, f"dry{shown}needling", f"a {shown} b needlework"):
        assert unescape(re.sub("</?mark>", "", Matches(terms).marked(written))) == written


def test_when_no_page_holds_all_words_pages_with_one_of_them_are_shown(visit: HttpRequest, home: HomePage) -> None:
    factories.make_standard("Frozen shoulder")
    factories.make_standard("Frozen lake")
    for typed in ("frozen shoulder", "shoulder", "shoulder xylophone"):
        assert titles(visit, typed) == ["Frozen shoulder"]


def test_only_published_pages_of_the_site_are_found(visit: HttpRequest, home: HomePage) -> None:
    factories.make_standard("Summer plans", live=False)
    factories.make_standard("Summer elsewhere", parent=home.get_parent())
    page, moved = factories.make_standard("Summer hours"), factories.make_standard("Summer camp")
    moved.move(home.get_parent(), pos="last-child")
    assert titles(visit, "summer") == ["Summer hours"]
    page.title = "Winter hours"
    revision = page.save_revision()
    assert (titles(visit, "summer"), titles(visit, "winter")) == (["Summer hours"], [])
    revision.publish()
    assert (titles(visit, "summer"), titles(visit, "winter")) == ([], ["Winter hours"])
    page.unpublish()
    assert titles(visit, "winter") == []


def test_migrating_writes_the_index_again(visit: HttpRequest, home: HomePage) -> None:
    factories.make_condition("Knee pain")
    SearchEntry.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert titles(visit, "knee") == ["Knee pain"]


def test_synonyms_find_the_pages_of_all_words_of_a_group_and_are_named(visit: HttpRequest, home: HomePage) -> None:
    words = SearchWords.for_site(Site.objects.get())
    words.synonyms = "Zapping, dry needling ,,\n\n , \nc++ (pain), \\1 \\g<0>"
    words.save()
    factories.make_standard("Dry needling explained")
    assert find_pages(visit, "ZAPPING", "1").also_searched == ("dry needling",)
    assert titles(visit, "zaping") == titles(visit, "zapping") == ["Dry needling explained"]
    assert titles(visit, "unzappingly") == [], "only as a whole word"
    factories.make_standard("Lumbago")
    factories.make_standard("Sciatica")
    for typed in ("sciatica", "Lumbago"):
        assert sorted(titles(visit, typed)) == ["Lumbago", "Sciatica"]


def test_results_come_ten_to_a_page_with_few_queries_and_a_nonsense_page_number_shows_some_page(
    visit: HttpRequest, home: HomePage, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for count in range(12):
        factories.make_standard(f"Winter advice {count}")
    with django_assert_max_num_queries(6):
        first = titles(visit, "wintr advice")
    second = titles(visit, "winter", "2")
    assert (len(first), len(second)) == (RESULTS_PER_PAGE, 2)
    assert not set(first) & set(second)
    for number in ("", "0", "-1", "99999", "two", "1.5", "\x00", "9" * 5_000, "٢"):
        assert titles(visit, "winter", number), number
    content = client.get("/search/", {"q": "winter advice"}).text
    assert "q=winter+advice&amp;page=2" in content
    assert client.get("/search/?q=winter+advice&page=2").status_code == 200


def test_the_search_page_answers_whatever_is_typed_and_links_to_what_it_found(client: Client) -> None:
    page = factories.make_service("Manual therapy", short_name="IMS")
    content = client.get("/search/", {"q": "manuel"}).text
    assert f'<a href="{page.url}"><mark>Manual</mark> therapy</a>' in content
    assert "Showing results for <strong>manual</strong> instead of “manuel”. 1 found." in " ".join(content.split())
    for query in (*(urlencode({"q": typed}) for typed in WILD), *WILD_QUERIES):
        response = client.get(f"/search/?{query}")
        assert response.status_code == 200, query[:40]
        assert "<h1" in response.text, query[:40]


def test_the_emergency_wording_comes_before_the_results_but_ordinary_searches_show_no_alarm(client: Client) -> None:
    for query in ("chest pain", "suicide", "can't breathe", "cant breath", "chest pian", "je veux mourir"):
        main = client.get("/search/", {"q": query}).text.partition("<main")[2]
        assert main.index('href="tel:911"') < main.index('href="tel:988"') < main.index("<h1"), query
        assert ("En cas d’urgence" in main) is query.startswith("je")
    lines = Path(__file__).with_name("search_queries.tsv").read_text().splitlines()
    queries = [line.partition("\t")[0] for line in lines if line and line[0] != "#"]
    alarming = [query for query in ("", "stroke rehab", "needles", *queries) if warning_signs_in(query)]
    assert sorted(alarming) == ["bell rung hockey", "collapsed lung", "head injury hockey", "hit my head", "locked jaw"]

import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from clinic.demo import words
from clinic.frontend.postprocess import FIRST_FLIGHT_BYTES, PICTURES_IN_FIRST_VIEW_BYTES, on_the_wire
from clinic.frontend.stylesheet import stylesheet
from clinic.lib.readability import HIGHEST_GRADE
from clinic.models import ClinicRendition
from clinic.page_cache.store import CachedResponse
from services.checks.pages import errors_of, grade_of_page, published_pages
from tests.conftest import rolled_back_afterwards
from tests.demo.loading import DRAWN, PATHS, PICTURES, page_at
from tests.edit_form import answers_of
from tests.markup import Markup

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.usefixtures("demo")]

QUERIES = Path(__file__).parents[1] / "clinic/public/search_queries.tsv"

LONGEST = "/services/ims-dry-needling/"
OTHER_ADDRESSES = ["/search/?q=ims", "/enquiry/", "/sitemap.xml", "/robots.txt", "/healthz"]
# Other websites and printed leaflets name these.
CONTRACT = {
    "/", "/services/", "/services/ims-dry-needling/", "/conditions/", "/conditions/neck-and-back-pain/",
    "/conditions/tennis-elbow/", "/conditions/frozen-shoulder/", "/conditions/fibromyalgia/", "/team/",
    "/locations/whitehorse/", "/about/", "/fees/", "/privacy/", "/accessibility/", "/contact/",
}  # fmt: skip


@pytest.fixture(scope="module")
def contents(demo: dict[str, Any], django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, bytes]]:
    """What a visitor gets at every address of the demo."""
    with rolled_back_afterwards(django_db_blocker):
        answers = {path: Client().get(path, follow=True) for path in PATHS}
        assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200} == {}
        yield {path: answer.content for path, answer in answers.items()}


@pytest.fixture(scope="module")
def visited(contents: dict[str, bytes]) -> dict[str, Markup]:
    return {path: Markup(content.decode()) for path, content in contents.items()}


def test_every_address_that_others_rely_on_is_there(client: Client, visited: dict[str, Markup]) -> None:
    assert set(visited) >= CONTRACT
    assert {client.get(address).status_code for address in OTHER_ADDRESSES} == {200}


def test_every_page_has_a_title_of_its_own_and_describes_itself_to_search_engines(visited: dict[str, Markup]) -> None:
    titles = [page.texts("title")[0] for path, page in visited.items() if path != "/locations/"]
    assert sorted({*titles} - {""}) == sorted(titles)
    for path, page in visited.items():
        (found,) = [values["content"] for _tag, values in page.elements if values.get("name") == "description"]
        assert 50 <= len(found) <= 300, path


def test_every_page_has_one_main_heading_and_no_heading_skips_a_level(visited: dict[str, Markup]) -> None:
    for path, page in visited.items():
        levels = [int(tag[1]) for tag, _attributes in page.elements if re.fullmatch("h[1-6]", tag)]
        skipped = [level for before, level in pairwise([0, *levels]) if level > before + 1]
        assert (levels.count(1), skipped) == (1, []), f"{path}: {levels}"


def test_every_link_leads_to_a_page_and_every_anchor_to_its_place(visited: dict[str, Markup]) -> None:
    for path, page in visited.items():
        ids = [values["id"] for _tag, values in page.elements if "id" in values]
        assert sorted(set(ids)) == sorted(ids), path
        anchors = [values for tag, values in page.elements if tag == "a"]
        assert [values for values in anchors if not values.get("href")] == [], path
        for link in (urlsplit(values["href"]) for values in anchors):
            if link.path in PATHS and not link.netloc:
                targets = visited[link.path].elements
                assert not link.fragment or link.fragment in {values.get("id") for _tag, values in targets}, link
            elif not link.netloc and link.path.startswith("/"):
                assert link.path in {"/search/", "/enquiry/", "/enquiry/privacy/"}, f"{link} on {path}"
            elif not link.scheme:
                assert link.fragment in ids, f"{link} on {path}"
            else:
                assert link.scheme in {"https", "tel", "mailto", "geo"}, f"{link} on {path}"


def test_every_page_can_be_reached_from_the_home_page(visited: dict[str, Markup]) -> None:
    reached, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path not in reached and path in visited:
            reached.add(path)
            waiting += [urlsplit(link).path for link in visited[path].attributes("a", "href")]
    assert reached == set(PATHS)


def test_every_page_can_be_read_with_eight_years_of_school_and_has_no_error() -> None:
    pages = list(published_pages())
    assert len(pages) == len(PATHS)
    assert {page.title for page in pages if grade_of_page(page) > HIGHEST_GRADE} == set()
    assert [str(error) for page in pages for error in errors_of(page)] == []


def test_patients_find_what_they_look_for() -> None:
    out = StringIO()
    call_command("search", "--measure", str(QUERIES), stdout=out)
    *missed, rate = out.getvalue().splitlines()
    assert len(missed) <= 0.05 * int(rate.split()[0]), missed


def different_pages() -> list[str]:
    """Return the paths of the pages with a field or a block that no earlier page of their type has."""
    paths: list[str] = []
    known: set[tuple[str, str]] = set()
    for page in words.read_pages():
        parts = {(page["type"], part) for part in (*page, *re.findall(r"'type': '(\w+)'", str(page)))}
        if page["path"] in DRAWN and not parts <= known:
            paths.append(page["path"])
            known |= parts
    return paths


@pytest.mark.parametrize("path", different_pages())
def test_a_page_can_be_edited_and_published_as_it_is(as_manager: Client, path: str) -> None:
    page = page_at(path)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    before = words_on(as_manager, page)
    form = as_manager.get(address).context["form"]
    response = as_manager.post(address, answers_of(form) | {"action-publish": "yes"})
    assert response.status_code == 302, response.context["form"].errors.as_json()
    assert words_on(as_manager, page) == before


def words_on(client: Client, page: Page) -> str:
    """Return what is read on the page, without blanks: the editor's rich text has fewer between its paragraphs."""
    return "".join(Markup(client.get(page.url).content.decode()).texts("main")[0].split())


def test_no_visitor_waits_for_a_picture_to_be_made(demo: dict[str, Any], visited: dict[str, Markup]) -> None:
    assert any(page.attributes("img", "src") for page in visited.values())
    assert ClinicRendition.objects.count() == demo["renditions"]


def sent(content: bytes) -> int:
    """Return the bytes of the cached page for today's browsers."""
    return len(CachedResponse.build(content, [], version="", expires_at=0).bodies["br"])


def test_every_page_fits_into_the_first_flight_and_only_long_treatments_fetch_some_of_their_rules(
    contents: dict[str, bytes], client: Client
) -> None:
    contents = contents | {path: client.get(path).content for path in ("/enquiry/", "/search/?q=pain")}
    assert {path: sent(content) for path, content in contents.items() if sent(content) > FIRST_FLIGHT_BYTES} == {}
    fetching = {path for path, content in contents.items() if stylesheet().link in content.decode()}
    assert {path for path in fetching if not path.startswith("/services/")} == set()


def test_the_quick_estimate_is_never_too_small(contents: dict[str, bytes]) -> None:
    for content in (contents["/"], contents[LONGEST]):
        assert sent(content) <= on_the_wire(content.decode()) <= 1.3 * sent(content)


def test_the_first_picture_on_a_phone_is_light_in_either_format() -> None:
    """The heaviest picture of the demo, in the largest box that a phone takes."""
    with Image.open(PICTURES / "first-snow.jpg") as opened:
        picture = opened.resize((1024, 576))
    for kind, quality in (("AVIF", settings.WAGTAILIMAGES_AVIF_QUALITY), ("WEBP", settings.WAGTAILIMAGES_WEBP_QUALITY)):
        picture.save(file := BytesIO(), kind, quality=quality)
        assert len(file.getvalue()) <= PICTURES_IN_FIRST_VIEW_BYTES, kind

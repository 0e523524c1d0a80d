"""What a phone fetches, and that nothing moves when it arrives. `make weight` prints the bytes."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PHONE
from tests.browser.places import IMS, box_of, sheets
from tests.browser.scripts import script

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("demo")]

LED_BY_A_PICTURE = ["/", IMS]
PAGES = [*LED_BY_A_PICTURE, "/conditions/frozen-shoulder/", "/team/robin-sample/", "/contact/"]
SHIFT = script("layout_shift")
UNSIZED = "() => [...document.images].filter(one => !one.getAttribute('width') || !one.getAttribute('height')).length"
NOT_LAZY = "() => document.querySelectorAll('main img:not([fetchpriority], [loading=lazy])').length"
WIDEST = 1024


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Page:
    """A phone of three pixels a point."""
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, device_scale_factor=3, is_mobile=True)
    return context.new_page()


def test_a_phone_fetches_little_from_the_clinic_alone_and_nothing_moves_when_it_arrives(phone: Page) -> None:
    fetched: list[str] = []
    refused: list[str] = []
    phone.on("request", lambda request: fetched.append(request.url))
    phone.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    for path in PAGES:
        phone.goto(path, wait_until="networkidle")
        assert phone.evaluate(SHIFT) == 0, path
        assert phone.evaluate(UNSIZED) == 0, path
        if path in LED_BY_A_PICTURE:
            first = phone.locator("main img").first
            assert first.get_attribute("fetchpriority") == "high"
            assert first.get_attribute("loading") is None
            assert int(first.evaluate("image => image.currentSrc.match(/fill-(\\d+)x/)[1]")) <= WIDEST
            assert phone.evaluate(NOT_LAZY) == 0, path
    places = [urlsplit(address) for address in fetched]
    assert {place.netloc for place in places} == {urlsplit(phone.url).netloc}
    endings = {place.path.rpartition(".")[2] for place in places if not place.path.endswith("/")}
    assert endings == {"avif", "css", "svg", "woff2"}
    assert refused == []


def test_a_911_card_that_begins_a_page_is_in_a_phones_first_view(phone: Page) -> None:
    """There the lead picture would push it out: it is neither shown nor fetched."""
    fetched: list[str] = []
    phone.on("request", lambda request: fetched.append(request.url))
    for path in ("/conditions/neck-and-back-pain/", "/conditions/headache-and-jaw-pain/"):
        phone.goto(path, wait_until="networkidle")
        heading, bar = box_of(phone.locator(".care-card__heading").first), box_of(phone.locator(".bar"))
        assert heading["y"] + heading["height"] < bar["y"], path
    assert [address for address in fetched if "/media/" in address] == []


def test_the_longest_page_is_not_too_long_and_every_treatment_has_a_summary_of_one_sheet(phone: Page) -> None:
    phone.goto(IMS)
    assert phone.evaluate("document.documentElement.scrollHeight") <= 15 * PHONE["height"]
    assert len(phone.locator("main").inner_text().split()) <= 1700
    assert sheets(phone) <= 6
    phone.goto("/services/")
    treatments = {str(link.get_attribute("href")) for link in phone.locator(".card a").all()}
    assert IMS in treatments
    for path in treatments:
        phone.goto(f"{path}#one-page")
        assert sheets(phone) == 1, path

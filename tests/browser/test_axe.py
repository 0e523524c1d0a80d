"""axe-core finds no problem on any page type, in any state."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.failures import FAILURES, open_failure
from tests.browser.places import PLACES, enlarge_text, open_everything, open_place, usual_text

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# Everything that axe has for WCAG 2.2 A and AA, and its own good practices. Asking by tags also brings the rules that
# axe leaves out unless asked, `target-size` among them; none is switched off.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}
# What a narrow window with large text can change, besides what a phone shows.
LARGE_TEXT = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
}
# Django's admin fades colours from one scheme to the other; in between, a contrast means nothing.
FINISH = """() => document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime < Infinity).forEach((one) => one.finish())"""
NARROW: ViewportSize = {"width": 320, "height": 640}


def complaints(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """Return what axe finds on the page as it is now.

    Playwright brings axe in through the browser's debugger, which no Content-Security-Policy stops: ours stays on.
    """
    page.evaluate(FINISH)
    # The bar of phones then has its own place: above that, axe takes the link it happens to cover for a small one.
    page.locator(".footer").evaluate_all("footers => footers.forEach(one => one.scrollIntoView())")
    response: dict[str, Any] = Axe().run(page, options=rules).response
    looked_for = response["passes"] + (response["inapplicable"] if rules is LARGE_TEXT else [])
    assert len(looked_for) > (10 if rules is RULES else 0), "axe has hardly looked at anything"
    return [
        f"{found['id']}: {', '.join(str(node['target']) for node in found['nodes'])}"
        for found in response["violations"]
    ]


@pytest.mark.parametrize("place", [*PLACES, *FAILURES])
def test_axe_finds_nothing_on_any_page_in_any_state(
    demo: None, browser: Browser, live_server: LiveServer, place: str
) -> None:
    # Without motion: the contrast of a colour that is still fading into another scheme means nothing.
    page = browser.new_context(base_url=live_server.url, viewport=DESKTOP, reduced_motion="reduce").new_page()
    if place in FAILURES:
        open_failure(page, place)
    else:
        open_place(page, place)
    open_everything(page)
    assert {look: found for look, found in each_look(page) if found} == {}


def test_axe_finds_nothing_in_the_open_menu_of_a_phone(demo: None, browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_context(base_url=live_server.url, viewport=PHONE, reduced_motion="reduce").new_page()
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").wait_for()
    assert {look: found for look, found in each_look(page, sizes=[PHONE]) if found} == {}


def test_axe_finds_nothing_on_the_page_that_refuses_the_desk(demo: None, sign_in: Callable[..., Page]) -> None:
    page = sign_in("physio")
    answer = page.goto("/django-admin/contact/enquiry/")
    assert answer is not None
    assert answer.status == 403
    assert complaints(page) == []


def each_look(page: Page, sizes: Sequence[ViewportSize] = (DESKTOP, PHONE)) -> Iterator[tuple[str, list[str]]]:
    """Yield what axe finds on the page in light, in dark on a phone, and narrow with large text."""
    page.set_viewport_size(sizes[0])
    yield "light", complaints(page)
    page.set_viewport_size(sizes[-1])
    page.emulate_media(color_scheme="dark")
    yield "dark on a phone", complaints(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    enlarge_text(page)
    yield "320 pixels and text at 200 %", complaints(page, LARGE_TEXT)
    usual_text(page)

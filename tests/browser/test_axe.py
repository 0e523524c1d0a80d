"""axe-core finds nothing to complain about, on any page type, in any state."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.failures import each_failure
from tests.browser.places import each_state, enlarge_text, open_everything, usual_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, Page, ViewportSize
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# Everything that axe has for WCAG 2.2 A and AA, and its own good practices. Asking by tags also brings the rules that
# axe leaves out unless asked, `target-size` among them; none is switched off.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}
# Colours that still fade from one scheme to the other, as Django's admin lets them, are nobody's contrast.
FINISH = """() => document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime < Infinity).forEach((one) => one.finish())"""
NARROW: ViewportSize = {"width": 320, "height": 640}


def complaints(page: Page) -> list[str]:
    """Return what axe says of the page as it stands now.

    Playwright brings axe in through the browser's debugger, which no Content-Security-Policy stops: ours stays on.
    """
    page.evaluate(FINISH)
    response: dict[str, Any] = Axe().run(page, options=RULES).response
    assert len(response["passes"]) > 10, "axe has hardly looked at anything"
    return [
        f"{found['id']}: {', '.join(str(node['target']) for node in found['nodes'])}"
        for found in response["violations"]
    ]


def test_axe_finds_nothing_on_any_page_in_any_state(
    demo: None, browser: Browser, live_server: LiveServer, sign_in: Callable[..., Page]
) -> None:
    # Without motion: colours that are still fading from one scheme to the other are nobody's contrast.
    page = browser.new_context(base_url=live_server.url, viewport=DESKTOP, reduced_motion="reduce").new_page()
    found: dict[str, list[str]] = {}
    for state in chain(each_state(page), each_failure(page)):
        open_everything(page)
        found |= {f"{state}, {look}": said for look, said in each_look(page)}
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").wait_for()
    found |= {f"open menu, {look}": said for look, said in each_look(page, sizes=[PHONE])}
    refused = sign_in("physio")
    answer = refused.goto("/django-admin/contact/enquiry/")
    assert answer is not None
    assert answer.status == 403
    found["the desk's closed door"] = complaints(refused)
    assert {where: said for where, said in found.items() if said} == {}


def each_look(page: Page, sizes: Sequence[ViewportSize] = (DESKTOP, PHONE)) -> Iterator[tuple[str, list[str]]]:
    """Say what axe complains of, as the page is now, in the dark, and narrow with large text."""
    page.set_viewport_size(sizes[0])
    yield "light", complaints(page)
    page.set_viewport_size(sizes[-1])
    page.emulate_media(color_scheme="dark")
    yield "dark on a phone", complaints(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    enlarge_text(page)
    yield "320 pixels and text at 200 %", complaints(page)
    usual_text(page)


def test_axe_is_awake(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang='en'><title>A page</title><main><h1>A picture</h1><img src='a.png'></main>")
    said = Axe().run(page, options=RULES).response["violations"]
    assert "image-alt" in [found["id"] for found in said]

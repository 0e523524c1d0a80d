"""What axe-core finds on a page, in light, in dark and with large text."""

from collections.abc import Iterator, Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import DESKTOP, NARROW, PHONE
from tests.browser.places import enlarge_text, usual_text
from tests.browser.scripts import script

# Everything that axe has for WCAG 2.2 A and AA, and its own good practices. Asking by tags also brings the rules that
# axe leaves out unless asked, `target-size` among them; none is switched off.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}
# What a narrow window with large text can change, besides what a phone shows.
LARGE_TEXT = RULES | {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}
RUN = script("run_axe")


def each_look(page: Page, sizes: Sequence[ViewportSize] = (DESKTOP, PHONE)) -> Iterator[tuple[str, list[str]]]:
    """Yield what axe finds on the page in light, in dark on a phone, and narrow with large text.

    Playwright brings axe in through the browser's debugger, which no Content-Security-Policy stops: ours stays on.
    """
    page.evaluate(AXE_SCRIPT)
    page.set_viewport_size(sizes[0])
    yield "light", page.evaluate(RUN, RULES)
    page.set_viewport_size(sizes[-1])
    page.emulate_media(color_scheme="dark")
    yield "dark on a phone", page.evaluate(RUN, RULES)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    enlarge_text(page)
    yield "320 pixels and text at 200 %", page.evaluate(RUN, LARGE_TEXT)
    usual_text(page)

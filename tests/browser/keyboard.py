"""Walking through a page with the Tab key alone, and looking at every stop."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from tests.browser.scripts import script

REMEMBER = script("remember_stops")
FOCUS_EACH = "() => { stops.forEach((stop) => { stop.focus(); onkeydown(); }); document.activeElement.blur(); }"


def walk(page: Page, *, by_script: bool = False) -> Iterator[str]:
    """Press Tab until the focus leaves the page, and say what is wrong on the way.

    By script, each place gets the focus in a tenth of the time; it looks as if by a key, if one was pressed before.
    """
    stops: int = page.evaluate(REMEMBER)
    if by_script:
        page.evaluate(FOCUS_EACH)
    else:
        for _step in range(stops + 1):
            page.keyboard.press("Tab")
    *visited, end = page.evaluate("[...visited, look()]")
    numbers = [here["number"] for here in visited]
    if sorted(numbers) != list(range(stops)):
        yield f"{stops} places can be reached, the focus came to {numbers}"
    if end and end["number"] != numbers[0]:
        yield f"the focus does not leave the page, but goes on to {end['name']}"
    for here in visited:
        if not here["marked"]:
            yield f"{here['name']} looks the same with the focus"
        if not here["seen"]:
            yield f"{here['name']} has the focus behind something else"
    for before, here in pairwise(visited):
        if not before["fixed"] and jumps_back(before, here):
            yield f"{here['name']} comes before {before['name']}, which had the focus first"


def jumps_back(before: dict[str, Any], here: dict[str, Any]) -> bool:
    """Say whether a reader's eye would have to go back: up, and not into a column further right.

    Within a picture there are no lines to follow.
    """
    in_one_picture = here["picture"] and before["picture"]
    return bool(here["bottom"] <= before["top"] and here["left"] < before["right"] and not in_one_picture)

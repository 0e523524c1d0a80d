"""Walking through a page with the Tab key alone, and looking at every stop."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from tests.browser.scripts import script

REMEMBER = script("remember_stops")
LOOK = script("look_at_focus")


def walk(page: Page) -> Iterator[str]:
    """Press Tab until the focus leaves the page, and say what is wrong on the way."""
    stops: int = page.evaluate(REMEMBER)
    visited: list[int] = []
    before: dict[str, Any] | None = None
    for _step in range(stops + 5):
        page.keyboard.press("Tab")
        here: dict[str, Any] | None = page.evaluate(LOOK)
        if here is None or here["number"] in visited[:1]:
            break
        visited.append(here["number"])
        if not here["marked"]:
            yield f"{here['name']} looks the same with the focus"
        if not here["seen"]:
            yield f"{here['name']} has the focus behind something else"
        if before and jumps_back(before, here):
            yield f"{here['name']} comes before {before['name']}, which had the focus first"
        before = None if here["fixed"] else here
    else:
        yield "the focus never leaves the page"
    if sorted(visited) != list(range(stops)):
        yield f"{stops} places can be reached, the Tab key came to {visited}"


def jumps_back(before: dict[str, Any], here: dict[str, Any]) -> bool:
    """Say whether a reader's eye would have to go back: up, and not into a column further right.

    Within a picture there are no lines to follow.
    """
    in_one_picture = here["picture"] and before["picture"]
    return bool(here["bottom"] <= before["top"] and here["left"] < before["right"] and not in_one_picture)

"""Walking through a page with the Tab key alone, and looking at every stop."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

# Where focus may go, in the document's order. A group of radio buttons is one stop, its first while none is chosen.
# What each looks like now is kept, to be compared with how it looks when it has the focus; `--ring` draws the ring of
# the body map, whose places are copies that a script cannot look into.
REMEMBER = """() => {
  const properties = ["outline-style", "outline-width", "outline-color", "box-shadow", "border-color", "--ring"];
  const look = (element, part) => {
    const style = getComputedStyle(element, part || null);
    return properties.map((property) => style.getPropertyValue(property)).join(" ");
  };
  const looks = (element) => [element, ...element.querySelectorAll("*")]
    .flatMap((one) => ["", "::before", "::after"].map((part) => look(one, part))).join("|");
  const candidates = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const groups = new Set();
  window.looks = looks;
  window.stops = [...document.querySelectorAll(candidates)].filter((element) => {
    if (element.tabIndex < 0 || element.disabled || !element.checkVisibility({visibilityProperty: true})) return false;
    if (element.type !== "radio") return true;
    const known = groups.has(element.name);
    groups.add(element.name);
    return !known;
  });
  window.before = new Map(stops.map((element) => [element, looks(element)]));
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  return stops.length;
}"""
# What stands where the focus is: nothing when it has left the page.
LOOK = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const points = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 3, box.top + 3],
    [box.right - 3, box.bottom - 3]];
  const seen = points.filter(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element) || top.control === element);
  });
  let fixed = element;
  while (fixed && !["fixed", "sticky"].includes(getComputedStyle(fixed).position)) fixed = fixed.parentElement;
  const words = element.getAttribute("aria-label") || element.textContent || element.name || "";
  return {
    name: `${element.tagName.toLowerCase()} “${words.trim().replace(/\\s+/g, " ").slice(0, 40)}”`,
    number: stops.indexOf(element), marked: looks(element) !== before.get(element), seen: seen.length,
    fixed: Boolean(fixed), picture: Boolean(element.closest("svg")),
    left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY,
  };
}"""


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

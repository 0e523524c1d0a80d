"""“Where does it hurt?”: what each place of the drawn body leads to. Pure functions over pages.

The places are in `body_map.toml`. Editors choose them on each condition's page, and may say how it can feel there. Each
place leads to a short list of these, never to one condition alone: a shoulder is not a diagnosis. Some places lead to
emergency wording first.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# By its short name each place's `label`, whether it `is_urgent`, and the `spot` where it is on the drawing.
REGIONS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def body_map(pages: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the places that a condition's page names or that may be urgent, from head to foot.

    Each has its `possibilities`: how it may feel, or the page's title; and the page that tells more.
    """
    # At the elbow, tennis elbow comes before pain that comes down from the neck.
    pages = sorted(pages, key=lambda page: len(page.regions))
    places = [
        {"name": name, **region, "possibilities": [one for page in pages for one in possibilities(page, name)]}
        for name, region in REGIONS.items()
    ]
    return [place for place in places if place["possibilities"] or "is_urgent" in place]


def possibilities(page: Any, region: str) -> list[tuple[str, Any]]:
    """Return what the page's `feelings` say about the place; its title if it only names the place."""
    lines = (line.partition(":") for line in page.feelings.splitlines())
    label = REGIONS[region]["label"].lower()
    found = [words.strip() for name, _colon, words in lines if name.strip().lower() == label]
    return [(words, page) for words in found or ([page.title] if region in page.regions else [])]

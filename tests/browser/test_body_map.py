from itertools import combinations

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.places import box_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

THUMB = 44
SMALL_PHONES = (320, 390)


def targets(page: Page) -> list[tuple[str, FloatRect]]:
    """Return the places as they lie on the glass: whose, and where; a place has one for each side and figure."""
    links = page.locator("[data-body-map] svg a").all()
    shapes = [(link, shape) for link in links for shape in link.locator("use[href='#touch'], .body-map__all").all()]
    return [(link.get_attribute("href") or "", box_of(shape)) for link, shape in shapes]


def meet(one: FloatRect, other: FloatRect) -> bool:
    """Say whether the two share more than the edge that rounding leaves them."""
    beside = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    below = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return min(beside, below) > 1


def test_every_place_is_wide_enough_for_a_thumb_and_leads_to_its_list(demo: None, patient: Page) -> None:
    for width in SMALL_PHONES:
        patient.set_viewport_size({"width": width, "height": 700})
        patient.goto("/")
        boxes = targets(patient)
        assert boxes
        for address, box in boxes:
            assert round(min(box["width"], box["height"])) >= THUMB, (width, address, box)
        for (one, here), (other, there) in combinations(boxes, 2):
            assert one == other or not meet(here, there), (width, one, other)
    patient.locator("[data-body-map] svg a", has_text="Knee").locator("use[href='#touch']").first.click()
    listed = patient.locator("#pain-knee")
    expect(listed).to_be_in_viewport()
    expect(patient.locator("#pain-neck")).to_be_hidden()
    listed.get_by_role("link", name="Around the kneecap").click()
    expect(patient.get_by_role("heading", level=1)).to_have_text("Knee pain")


def test_the_map_and_its_list_are_walked_by_keyboard(demo: None, patient: Page) -> None:
    patient.goto("/")
    body_map = patient.locator("[data-body-map]")
    assert body_map.get_by_role("link", name="Knee", exact=True).count() == 2  # drawn, and in the list
    drawn = body_map.locator("svg a")
    drawn.first.focus()
    for place in drawn.all()[1:]:
        patient.keyboard.press("Tab")
        expect(place).to_be_focused()
    ring = drawn.last.locator("rect").first.evaluate("e => getComputedStyle(e).stroke")
    assert ring != "none"
    patient.keyboard.press("Tab")
    expect(body_map.locator("ul a").first).to_be_focused()
    drawn.first.focus()
    patient.keyboard.press("Enter")
    expect(patient.locator("#pain-head")).to_be_in_viewport()
    expect(patient.locator("#pain-head")).to_contain_text("Call 911")

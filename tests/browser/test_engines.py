"""In Chromium, Firefox and WebKit, with scroll bars that take room: the patient's way with *Back*, and every page."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from contact.models import Enquiry
from tests.browser import engines
from tests.browser.conftest import PHONE, Chromium
from tests.browser.places import IMS, PAGES
from tests.browser.scripts import script

Window = engines.Chromium | engines.WebDriver

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SEND = ".enquiry-form button[type=submit]"
WRITTEN = {"name": "Ada Example", "email": "ada@example.org", "about": "treatment"}
# One of each layout: others like it differ in their words.
DIFFERENT = {
    name: PAGES[name]
    for name in PAGES.keys() - {
        "plain page", "phone and people", "French page", "search", "search without results", "not found",
    }
}  # fmt: skip
STATES = {
    "form with errors": {"name": "Ada Example"},
    "doubts": WRITTEN | {"email": "ada@gmial.com"},
    "warning": WRITTEN | {"message": "I can’t breathe"},
    "receipt": WRITTEN,
}
# No browser's window is as narrow as a phone, but a frame can be. Our pages allow no frame in them; a style sheet does.
OUTSIDE_OUR_PAGES = "/static/clinic/css/tokens.css"
MEASURE = script("measure_sideways")


@pytest.fixture(scope="module", params=engines.NEEDED)
def window(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    if packages := engines.missing(request.param):
        pytest.skip(f"no {request.param} on this machine: apt install {' '.join(packages)}")
    with ExitStack() as closing:
        if request.param == "chromium":
            chromium: Chromium = request.getfixturevalue("chromium")
            context = closing.enter_context(chromium.alive().new_context(viewport=PHONE))
            yield engines.Chromium(context.new_page())
        elif request.param == "firefox":
            yield engines.Firefox(closing, tmp_path_factory.mktemp("firefox"))
        else:
            yield engines.WebKit(closing)


def test_going_back_to_any_answer_shows_what_was_typed(demo: None, window: Window, live_server: LiveServer) -> None:
    window.open(live_server.url + IMS)
    send(window, "Error:", name="Ada Example", message="Is there parking?")
    # WebKit sets the focus when it first draws the page, which may be after it has loaded.
    engines.until(lambda: window.run("return document.activeElement.getAttribute('role') === 'alert'"))
    leave_and_come_back(window, live_server, "Error:", name="Ada Example", message="Is there parking?")
    send(window, "Not sent yet: please check", email="ada@gmial.com")
    leave_and_come_back(window, live_server, "Not sent yet: please check", email="ada@gmial.com")
    send(window, "Not sent yet: please read this first", email="ada@example.org", message="I can’t breathe")
    leave_and_come_back(window, live_server, "Not sent yet: please read this first", message="I can’t breathe")
    assert Enquiry.objects.count() == 0
    send(window, "Enquiry ")
    assert window.run("return document.cookie") == ""
    assert [enquiry.message for enquiry in Enquiry.objects.all()] == ["I can’t breathe"]
    for title in ("Not sent yet: please read this first", "Not sent yet: please check", "Error:"):
        window.back()
        is_shown(window, title, name="Ada Example")


def test_no_page_scrolls_sideways(demo: None, window: Window, live_server: LiveServer) -> None:
    if isinstance(window, engines.Chromium):
        pytest.skip("in Chromium test_every_page.py looks at every page")
    window.open(live_server.url + OUTSIDE_OUR_PAGES)
    found = window.run(MEASURE.replace("PLACES", json.dumps([DIFFERENT, STATES])))
    assert found == [len(DIFFERENT) + len(STATES), []], "how many different pages were seen, and their faults"


def send(window: Window, title: str, **answers: str) -> None:
    """Fill in the form, send it, and wait for the page that follows."""
    for field, answer in answers.items():
        window.fill(f".enquiry-form [name={field}]", answer)
    window.click(SEND)
    is_shown(window, title)


def leave_and_come_back(window: Window, live_server: LiveServer, title: str, **answers: str) -> None:
    window.open(f"{live_server.url}/enquiry/privacy/")
    is_shown(window, "Your enquiry and your privacy")
    window.back()
    is_shown(window, title, **answers)


def is_shown(window: Window, title: str, **answers: str) -> None:
    """Wait for the page with this title; its form holds these answers."""
    script = f"""
      const fields = document.querySelector(".enquiry-form")?.elements ?? {{}};
      const answers = {json.dumps(list(answers))}.map((name) => [name, fields[name]?.value]);
      return document.readyState === "complete" && [document.title, Object.fromEntries(answers)];"""

    def shown() -> Any:
        page = window.run(script)
        return page and page[0].startswith(title) and page

    page = engines.until(shown, engines.WebDriverError)
    assert page[1] == answers

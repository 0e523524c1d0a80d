"""A real browser against a real server: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from clinic.demo import build, words
from tests import migrated_database
from tests.database_copy import DatabaseCopy
from tests.demo.loading import small_pictures

# What the demo is made from.
SOURCES = [f"{app}/**/*.py" for app in ("clinic", "contact", "services")] + ["clinic/demo/**/*.toml"]
# Debian's Chromium without its windows draws the same pages in two thirds of the time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
# Letters are as wide as on a phone: hinted ones would move when the font arrives.
DRAWING = ("--disable-gpu", "--font-render-hinting=none")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}
UPRIGHT: ViewportSize = {"width": 768, "height": 1024}
# A browser that crashed, or a protocol that lost its page, says nothing of the site: such a test has two more goes.
# What a test says of the site is an AssertionError, and stands at once.
AGAIN_IF_THE_BROWSER_BROKE_DOWN = pytest.mark.flaky(reruns=2, only_rerun=[Error], rerun_except=[AssertionError])
# A machine that does much else at once is slow, which is no fault either.
expect.set_options(timeout=60_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason="no Chromium on this machine: apt install chromium-headless-shell")
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.no_cover)  # other tests cover the code, and measuring makes every page slower
            item.add_marker(AGAIN_IF_THE_BROWSER_BROKE_DOWN)
            if CHROMIUM is None:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Chromium]:
    # Playwright runs an event loop in this thread. Django would take every query for one inside it, and would
    # make a connection of its own there, which does not know the rows that tests which commit are to restore.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    known = connections[DEFAULT_DB_ALIAS]
    with sync_playwright() as playwright:
        connections[DEFAULT_DB_ALIAS] = known
        yield Chromium(playwright)


class Chromium:
    """One browser for all tests, and another when it has died."""

    def __init__(self, playwright: Playwright) -> None:
        self.playwright = playwright
        self.browser = self.launch()

    def launch(self) -> Browser:
        return self.playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", *DRAWING],
            ignore_default_args=["--hide-scrollbars"],  # they take room in most people's windows
        )

    def alive(self) -> Browser:
        if not self.browser.is_connected():
            self.browser = self.launch()
        return self.browser

    def window(self, base_url: str) -> BrowserContext:
        """Return the window that is open, or a new one."""
        contexts = self.alive().contexts
        return contexts[0] if contexts else self.browser.new_context(base_url=base_url, reduced_motion="reduce")


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A browser without windows; those that a test opens are closed after it, whatever became of it."""
    browser = chromium.alive()
    yield browser
    for context in browser.contexts:
        context.close()


@pytest.fixture
def patient(browser: Browser, live_server: LiveServer) -> Page:
    """A phone without JavaScript."""
    return browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False).new_page()


@pytest.fixture
def reader(chromium: Chromium, live_server: LiveServer) -> Iterator[Page]:
    """A page without motion, in a window that keeps fonts and pictures from one test to the next."""
    page = chromium.window(live_server.url).new_page()
    yield page
    page.close()


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> SignIn:
    """Call it with a user name: a desktop on which that person has signed in."""
    return SignIn(browser, live_server.url)


class SignIn:
    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url

    def __call__(self, username: str) -> Page:
        client = Client()
        client.force_login(User.objects.get(username=username))
        page = self.desktop()
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": self.base_url}])
        return page

    def with_password(self, username: str, *, java_script: bool = True) -> Page:
        page = self.desktop(java_script=java_script)
        page.goto("/admin/login/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(build.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        # A click does not wait for the page that it leads to: whoever goes elsewhere too early has not signed in.
        expect(page).not_to_have_url(re.compile("/login/"))
        return page

    def desktop(self, *, java_script: bool = True) -> Page:
        context = self.browser.new_context(base_url=self.base_url, viewport=DESKTOP, java_script_enabled=java_script)
        return context.new_page()


@pytest.fixture
def demo(transactional_db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, loaded: list[DatabaseCopy]) -> None:
    """The demo clinic with its users and with small plain pictures, whose renditions are made quickly.

    Each test starts with a copy of its rows. The files stay where they are.
    """
    if not loaded:
        monkeypatch.setattr(words, "PICTURES", small_pictures(tmp_path, 640, 360))
        loaded.append(demo_rows())
    loaded[0].put_back()


def demo_rows() -> DatabaseCopy:
    """Return the demo's rows, with its pictures in place: one process of a run loads it, the others copy it."""
    saved = migrated_database.FOLDER / f"demo_{connection.vendor}_{migrated_database.fingerprint(*SOURCES)}"
    with migrated_database.alone():
        if not saved.exists():
            for older in saved.parent.glob(f"demo_{connection.vendor}_*"):
                shutil.rmtree(older)
            unfinished = saved.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            list(build.Demo().load(with_users=True))
            DatabaseCopy().save(unfinished)
            shutil.copytree(settings.MEDIA_ROOT, unfinished / "media")
            unfinished.rename(saved)
        shutil.copytree(saved / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
        return DatabaseCopy.read(saved)


@pytest.fixture(scope="session")
def loaded() -> list[DatabaseCopy]:
    """The database with the demo clinic, once the first test has loaded it."""
    return []

"""One window of Chromium, Firefox or WebKitGTK, as Debian packages them, with the same few commands for all.

Playwright drives Chromium. WebKit's driver speaks W3C WebDriver over HTTP, and Firefox understands the same commands as
Marionette: each message is its length, a colon and JSON.
<https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html>
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.another_process import free_port

NEEDED: dict[str, dict[str, str]] = {
    "chromium": {},  # without it, no test of tests/browser runs
    "firefox": {"firefox-esr": "firefox-esr"},
    "webkit": {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"},
}
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "widget.gtk.overlay-scrollbars.enabled": False,
}
# Where a command is found over HTTP. Marionette calls it "WebDriver:" and its name.
PATHS = {
    "NewSession": "",
    "Navigate": "/url",
    "Back": "/back",
    "ExecuteScript": "/execute/sync",
    "FindElement": "/element",
    "ElementClick": "/element/{id}/click",
    "ElementClear": "/element/{id}/clear",
    "ElementSendKeys": "/element/{id}/value",
}
WAIT = 60.0
# A script that looks at every page takes a while on a busy machine: seconds, and milliseconds for the browser.
LONG = 120
TIMEOUTS = {"script": LONG * 1000}


class WebDriverError(Exception):
    """The browser could not do that."""


def missing(engine: str) -> list[str]:
    """Return the Debian packages that the engine needs and this machine lacks."""
    return [package for program, package in NEEDED[engine].items() if shutil.which(program) is None]


def until(attempt: Callable[[], Any], *faults: type[Exception]) -> Any:
    """Return the first true answer, or raise what prevented it to the end."""
    end = time.monotonic() + WAIT
    while True:
        try:
            answer = attempt()
        except faults:
            if time.monotonic() > end:
                raise
        else:
            if answer:
                return answer
            assert time.monotonic() < end, "the browser did not get there in time"
        time.sleep(0.05)


class Chromium:
    """The commands, given to a page of Playwright's. Elements are named by CSS selectors."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, url: str) -> None:
        self.page.goto(url)

    def back(self) -> None:
        self.page.go_back()

    def fill(self, css: str, text: str) -> None:
        self.page.locator(css).first.fill(text)

    def click(self, css: str) -> None:
        self.page.locator(css).first.click()

    def run(self, script: str) -> Any:
        """Return what the body of a JavaScript function returns, or what its promise becomes."""
        return self.page.evaluate(f"() => {{ {script} }}")


class WebDriver:
    """The same commands, given to a browser of its own. What is started for it ends with `closing`."""

    def __init__(self, closing: ExitStack) -> None:
        self.closing = closing

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            env=os.environ | environment,
            stdout=subprocess.PIPE if command[0] == "Xvfb" else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.closing.callback(process.wait)
        self.closing.callback(os.killpg, process.pid, signal.SIGTERM)
        return process

    def command(self, name: str, **body: Any) -> Any:
        raise NotImplementedError

    def open(self, url: str) -> None:
        self.command("Navigate", url=url)

    def back(self) -> None:
        self.command("Back")

    def fill(self, css: str, text: str) -> None:
        element = self.element(css)
        self.command("ElementClear", id=element)
        self.command("ElementSendKeys", id=element, text=text)

    def click(self, css: str) -> None:
        self.command("ElementClick", id=self.element(css))

    def element(self, css: str) -> str:
        found: dict[str, str] = self.command("FindElement", using="css selector", value=css)
        return next(iter(found.values()))

    def run(self, script: str) -> Any:
        return self.command("ExecuteScript", script=script, args=[])


class Firefox(WebDriver):
    def __init__(self, closing: ExitStack, profile: Path) -> None:
        super().__init__(closing)
        port = free_port()
        preferences = PREFERENCES | {"marionette.port": port}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
        (profile / "user.js").write_text("".join(lines))
        self.start("firefox-esr", "--marionette", "--headless", "--no-remote", "--profile", str(profile))
        connection = until(lambda: socket.create_connection(("127.0.0.1", port), WAIT), OSError)
        connection.settimeout(LONG)
        self.stream = closing.enter_context(connection).makefile("rwb")
        self.read()  # which protocol this is
        self.command("NewSession", timeouts=TIMEOUTS)

    def read(self) -> Any:
        length = b"".join(iter(lambda: self.stream.read(1), b":"))
        return json.loads(self.stream.read(int(length)))

    def command(self, name: str, **body: Any) -> Any:
        message = json.dumps([0, 1, f"WebDriver:{name}", body]).encode()
        self.stream.write(b"%d:%b" % (len(message), message))
        self.stream.flush()
        _answer, _number, fault, result = self.read()
        if fault:
            raise WebDriverError(fault["message"])
        return result.get("value", result)


class WebKit(WebDriver):
    def __init__(self, closing: ExitStack) -> None:
        super().__init__(closing)
        self.port = free_port()
        self.session = "/session"
        # The screen number that Xvfb has found free.
        screen = self.start("Xvfb", "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp").stdout
        assert screen is not None
        display = f":{screen.readline().strip()}"
        self.start("WebKitWebDriver", f"--port={self.port}", DISPLAY=display, GDK_BACKEND="x11")
        options = {"timeouts": TIMEOUTS, "webkitgtk:browserOptions": {"useOverlayScrollbars": False}}
        capabilities = {"alwaysMatch": options}
        answer = until(lambda: self.command("NewSession", capabilities=capabilities), ConnectionRefusedError)
        self.session += f"/{answer['sessionId']}"

    def command(self, name: str, **body: Any) -> Any:
        path = self.session + PATHS[name].format(**body)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = json.load(connection.getresponse())["value"]
        connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise WebDriverError(answer["message"])
        return answer

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone

from services.checks import links
from services.checks.links import check_links, problem_of
from services.models import ExternalLink
from tests import factories
from tests.another_process import free_port

ANSWERS = {"/ok": 200, "/no-head": 200, "/gone": 404, "/removed": 410, "/robots": 403, "/broken": 503}
ANSWERS |= {"/moved": 301, "/moved-away": 301, "/round": 302, "/login": 302}
TARGETS = {"/moved": "/ok", "/moved-away": "/gone", "/round": "/round", "/login": "/ok"}
WITHOUT_HEAD = {"/no-head", "/login"}


class Site(BaseHTTPRequestHandler):
    asked: list[tuple[str, str, str]] = []

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        self.send_response(405 if path in WITHOUT_HEAD and self.command == "HEAD" else ANSWERS[path])
        if path in TARGETS:
            self.send_header("Location", TARGETS[path])
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815  the name that the server looks for

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine, for once taken for a public one."""
    server = HTTPServer(("127.0.0.1", 0), Site)
    monkeypatch.setattr(links, "HTTP", replace(links.HTTP, ip_filter_allow_loopback_ips=True))
    monkeypatch.setattr(links, "SECONDS_BETWEEN", 0)
    Site.asked.clear()
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/ok", ""), ("/ok?q=a b", ""), ("/no-head", ""), ("/robots", ""), ("/broken", ""), ("/moved", ""),
        ("/gone", "there is no such page"), ("/removed", "the page was removed"),
        ("/round", "it redirects in a circle"),
    ],
)  # fmt: skip
def test_only_what_readers_cannot_open_is_a_problem(site: str, path: str, problem: str) -> None:
    assert problem_of(site + path.replace(" ", "%20")) == problem
    assert "once a week" in Site.asked[0][2]


@pytest.mark.parametrize(
    ("path", "problem", "asked"),
    [
        ("/moved-away", "there is no such page", ["HEAD /moved-away", "HEAD /gone", "GET /gone"]),
        ("/login", "", ["HEAD /login", "GET /login"]),
    ],
)
def test_an_answer_to_get_is_not_followed_because_redirects_can_have_endless_bodies(
    site: str, path: str, problem: str, asked: list[str]
) -> None:
    assert problem_of(site + path) == problem
    assert [f"{command} {path}" for command, path, _agent in Site.asked] == asked


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/",
        "http://169.254.169.254/latest/", "http://192.168.1.1/", "http://0.0.0.0/", "http://2130706433/",
        "http://100.64.0.1/", "http://224.0.0.1/", "http://[::]/", "http://[fe80::1]/", "http://[2002:7f00:1::]/",
        "http://[64:ff9b::7f00:1]/", "https://user@127.0.0.1/", "ftp://example.org/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_private_networks_and_other_schemes_are_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_address: pytest.fail("It was asked."))
    assert problem_of(url) in {"this is no public web address", "there was no answer"}  # without IPv6, the latter


def test_a_server_that_is_not_there_and_an_impossible_address_are_problems_and_no_errors(site: str) -> None:
    assert problem_of(f"http://127.0.0.1:{free_port()}/") == "there was no answer"
    for url in ("http://[", "http://example.org:99999/", "http://\x00/", "https://ex ample/", "http:///x"):
        assert problem_of(url), url


@pytest.mark.django_db
def test_each_address_is_asked_once_a_week_and_forgotten_when_no_page_links_to_it(
    site: str, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = f'<p>See <a href="{site}/gone">this</a> and <a href="{site}/ok">that</a>.</p>'
    page = factories.make_standard(body=[("text", link)])
    factories.make_standard("Draft", live=False, body=[("text", f'<p><a href="{site}/moved">no</a></p>')])
    check_links()
    check_links()
    assert [command for command, path, _agent in Site.asked if path == "/ok"] == ["HEAD"]
    assert not any(path == "/moved" for _command, path, _agent in Site.asked)
    assert dict(ExternalLink.objects.values_list("url", "problem")) == {
        f"{site}/gone": "there is no such page",
        f"{site}/ok": "",
    }
    ExternalLink.objects.update(asked_at=timezone.now() - timedelta(days=8))
    check_links()
    assert [command for command, path, _agent in Site.asked if path == "/ok"] == ["HEAD", "HEAD"]
    ExternalLink.objects.update(asked_at=None)
    monkeypatch.setattr(links, "problem_of", lambda _url: links.NO_ANSWER)
    check_links()  # this server is offline: what was found before stays
    assert sorted(ExternalLink.objects.values_list("problem", flat=True)) == ["", "there is no such page"]
    page.unpublish()
    check_links()
    assert not ExternalLink.objects.exists()

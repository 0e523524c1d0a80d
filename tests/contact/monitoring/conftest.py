"""A public address, a worker and a mail server, and somebody who listens."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from contact.mail.outbox import deliver_due
from contact.monitoring.synthetic_check import prover
from tests.contact.mail_server import MailServer
from tests.contact.monitoring.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def worker(mail_server: MailServer) -> Iterator[None]:
    """Sends mail meanwhile, as `manage.py work` does."""
    stopping = threading.Event()

    def deliver() -> None:
        while not stopping.wait(0.1):
            deliver_due()
        connection.close()

    thread = threading.Thread(target=deliver)
    thread.start()
    yield
    stopping.set()
    thread.join()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prover, "SECONDS_BETWEEN_LOOKS", 0.05)


@pytest.fixture
def public(live_server: LiveServer, settings: Any) -> LiveServer:
    """The site, at the address that it is known by."""
    settings.SITE_URL = live_server.url
    return live_server


@pytest.fixture
def listen() -> Iterator[Callable[[str], Listener]]:
    started: list[Listener] = []

    def start(html: str = "") -> Listener:
        started.append(Listener(html))
        return started[-1]

    yield start
    for listener in started:
        listener.server.shutdown()

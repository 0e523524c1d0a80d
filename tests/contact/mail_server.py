"""A real mail server for tests: takes mail, or behaves as badly as it is told."""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: each line of each conversation

# What is said to RCPT or to the whole mail; `None` accepts.
Answer = str | None


class MailServer:
    """`taken` counts accepted mails by Message-ID. `at_recipient`, `at_data`: the answer for a recipient."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.mails: list[Message] = []
        self.senders: list[str] = []
        self.at_recipient: Callable[[str], Answer] = lambda _recipient: None
        self.at_data: Callable[[str], Answer] = lambda _recipient: None
        self.dies_at_data = False
        self.seconds_of_silence = 0.0
        self.is_silent = False
        self.connections = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        listening = self._loop.create_server(lambda: SMTP(self, loop=self._loop), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(timeout=10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_error: object) -> None:
        # Without this the socket would still accept connections, to which no one would ever say a word.
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    # The names of the hooks are aiosmtpd's.

    async def handle_EHLO(  # noqa: N802  its name is aiosmtpd's
        self, _server: SMTP, session: Session, _envelope: Envelope, host: str, replies: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = host
        return replies

    async def handle_RCPT(  # noqa: N802  its name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if refusal := self.at_recipient(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  its name is aiosmtpd's
        await asyncio.sleep(self.seconds_of_silence)
        while self.is_silent:  # noqa: ASYNC110  another thread says so
            await asyncio.sleep(0.01)
        if self.dies_at_data:
            cast("asyncio.Transport", server.transport).abort()
            return "421 never heard"
        if refusal := self.at_data(envelope.rcpt_tos[0]):
            return refusal
        mail = message_from_bytes(cast("bytes", envelope.content))
        self.mails.append(mail)
        self.senders.append(str(envelope.mail_from))
        self.taken[mail["Message-ID"]] += 1
        return "250 2.0.0 Ok: queued as 4F3A"


@contextmanager
def serving(settings: Any) -> Iterator[MailServer]:
    """Run a server that the site sends its mail to."""
    settings.EMAIL_BACKEND = "contact.mail.backend.EmailBackend"
    settings.EMAIL_DELIVERY_BACKEND = "contact.mail.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 60
    with MailServer() as running:
        settings.EMAIL_PORT = running.port
        yield running

"""Ask an address outside of this process: the site as visitors see it, a watcher, a service that takes alarms.

Redirects are not followed: what is sent reaches the given address and no other.
"""

from __future__ import annotations

from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPRedirectHandler, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.request import Request


class NotHttpError(OSError):
    """Something answered, but not by HTTP."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


@contextmanager
def answer_to(request: Request, seconds: float) -> Iterator[Any]:
    """Give the answer to read. Raises `OSError` however it fails: `HTTPError` where the answer is no success."""
    try:
        with _opener.open(request, timeout=seconds) as response:
            yield response
    except (HTTPException, ValueError) as error:
        # Neither is an OSError: an answer that is no HTTP or breaks off, and a host name that cannot be one.
        raise NotHttpError(type(error).__name__) from error

"""Send a request over the network: to the site as visitors see it, to a monitor, to a service that receives alarms.

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
    """Yield the response. Raises `OSError` for any failure, and `HTTPError` for a response that is not a success."""
    try:
        with _opener.open(request, timeout=seconds) as response:
            yield response
    except (HTTPException, ValueError) as error:
        # Neither is an OSError: a response that is not HTTP or is cut off, and an impossible host name.
        raise NotHttpError(type(error).__name__) from error

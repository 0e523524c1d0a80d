"""Responses that a browser may ask for in parts, for example to resume a download."""

from __future__ import annotations

import re
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

# A single range. A request for several gets the whole response, as RFC 9110 (14.2) allows.
RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})")


def in_parts(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer `Range` and `If-Range` where the view's response has an ETag."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **named: Any) -> Any:
        response = view(request, *args, **named)
        if response.status_code != HTTPStatus.OK or "ETag" not in response:
            return response
        response["Accept-Ranges"] = "bytes"
        asked = RANGE.fullmatch(request.headers.get("Range", ""))
        is_same = request.headers.get("If-Range", response["ETag"]) == response["ETag"]
        return part(response, **asked.groupdict()) if asked and is_same and request.method == "GET" else response

    return serve


def part(response: Any, first: str, last: str) -> Any:
    """Return the bytes from the first to the last; without `first` as many of the last ones as `last` says."""
    if not (first or last) or (first and last and int(first) > int(last)):
        return response
    content = response.getvalue()
    start = int(first) if first else max(len(content) - int(last), 0)
    wanted = content[start : int(last) + 1 if first and last else None]
    response.status_code = HTTPStatus.PARTIAL_CONTENT if wanted else HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    response["Content-Range"] = f"bytes {f'{start}-{start + len(wanted) - 1}' if wanted else '*'}/{len(content)}"
    response["Content-Length"] = str(len(wanted))
    if response.streaming:
        response.streaming_content = [wanted]
    else:
        response.content = wanted
    return response

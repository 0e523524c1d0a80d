"""Serves renditions and share pictures where no web server in front does (`SERVE_MEDIA`)."""

import hashlib
import mimetypes
import re
from http import HTTPStatus

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from clinic.lib.http import read_only

# Only what was made for pages.
FOLDER = "images"
# The system's table of media types may be older than these formats.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")
ONE_MONTH = 60 * 60 * 24 * 30
# A single range. A request for several gets the whole picture, as RFC 9110 (14.2) allows.
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@read_only
def serve_picture(request: HttpRequest, name: str) -> HttpResponse | None:
    """Serve a picture, or a part of it. Its file name changes with its content, so browsers may cache it."""
    path = f"{FOLDER}/{name}"
    try:
        with default_storage.open(path) as file:
            content = file.read()
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404(path) from error
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:24])
    headers = {"Cache-Control": f"public, max-age={ONE_MONTH}, immutable", "ETag": etag, "Accept-Ranges": "bytes"}
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(content, content_type=content_type, headers=headers)
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and request.method == "GET" and request.headers.get("If-Range", etag) == etag:
        take_part(response, *asked.groups())
    return get_conditional_response(request, etag=etag, response=response)


def take_part(response: HttpResponse, first: str, last: str) -> None:
    """Leave the bytes from the first to the last; without `first` as many of the last ones as `last` says."""
    if not (first or last) or (first and last and int(first) > int(last)):
        return
    size = len(response.content)
    start = int(first) if first else max(size - int(last), 0)
    response.content = response.content[start : int(last) + 1 if first and last else None]
    end = start + len(response.content) - 1
    if response.content:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    else:
        response.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        response["Content-Range"] = f"bytes */{size}"

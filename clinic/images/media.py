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
# A part from one byte to another, or to the end. Other ranges get the whole picture, as RFC 9110 (14.2) allows.
RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")


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
    first, last = (int(end or len(content)) for end in asked.groups()) if asked else (0, 0)
    part = content[first : last + 1]
    if asked and part and request.method == "GET" and request.headers.get("If-Range", etag) == etag:
        response.content, response.status_code = part, HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
    return get_conditional_response(request, etag=etag, response=response)

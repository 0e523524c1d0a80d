"""Serves renditions and share pictures where no web server in front does (`SERVE_MEDIA`)."""

import hashlib
import mimetypes

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from clinic.lib.http import in_parts, read_only

# Only what was made for pages. Documents have their own view, which checks permissions.
FOLDER = "images"
# The system's table of media types may be older than these formats.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")
ONE_MONTH = 60 * 60 * 24 * 30


@read_only
@in_parts
def serve_picture(request: HttpRequest, name: str) -> HttpResponse | None:
    """Serve a picture. Its file name changes with its content, so browsers may cache it."""
    path = f"{FOLDER}/{name}"
    try:
        with default_storage.open(path) as file:
            content = file.read()
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404(path) from error
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:24])
    headers = {"Cache-Control": f"public, max-age={ONE_MONTH}, immutable", "ETag": etag}
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(content, content_type=content_type, headers=headers)
    return get_conditional_response(request, etag=etag, response=response)

"""Serves renditions and share pictures where no web server in front does (`SERVE_MEDIA`)."""

import mimetypes

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

from clinic.lib.methods import read_only

# Only what was made for pages. Originals may contain place and time of the photograph; documents have their own view,
# which checks permissions.
FOLDER = "images"
# The system's table of media types may be older than these formats.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")
ONE_MONTH = 60 * 60 * 24 * 30


@read_only
def serve_picture(_request: HttpRequest, name: str) -> FileResponse:
    """Serve a picture. Its file name changes with its content, so browsers may cache it."""
    path = f"{FOLDER}/{name}"
    try:
        file = default_storage.open(path)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404(path) from error
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=content_type)
    response["Cache-Control"] = f"public, max-age={ONE_MONTH}, immutable"
    return response

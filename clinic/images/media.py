"""Pictures from the site itself, where no web server in front serves them (`SERVE_MEDIA`)."""

import mimetypes

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

# Only what Wagtail made for the pages. Originals hold where and when they were taken; documents have a door
# of their own, which asks whether the visitor may read them.
FOLDER = "images"
# The system's table of types may be older than these formats.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")
ONE_MONTH = 60 * 60 * 24 * 30


@require_safe
def serve_picture(_request: HttpRequest, name: str) -> FileResponse:
    """Answer with a rendition; its file name changes with its content, so that browsers may keep it."""
    path = f"{FOLDER}/{name}"
    try:
        file = default_storage.open(path)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404(path) from error
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=content_type)
    response["Cache-Control"] = f"public, max-age={ONE_MONTH}, immutable"
    return response

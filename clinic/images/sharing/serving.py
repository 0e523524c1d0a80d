"""Gives out the share pictures: drawn when first asked for, kept on disk, found again by what they show."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps
from wagtail.models import Page

from clinic.images.sharing.address import look_of, picture_address
from clinic.images.sharing.card import draw, plain
from clinic.lib.atomic_write import atomic_write
from clinic.models.base import BasePage
from clinic.public.contact_fallback import contact_details

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clinic.models import ClinicImage

logger = logging.getLogger(__name__)

# A week: the address changes with everything that shows but the file behind a picture, which editors may replace.
KEPT = "public, max-age=604800"
KEPT_SHORTLY = "public, max-age=3600"


@require_safe
def share_picture(request: HttpRequest, page_id: int, look: str) -> HttpResponse:
    """Answer with the page's share picture; an address of how it once looked leads to how it looks now."""
    page = Page.objects.live().filter(pk=page_id).specific().first()
    if not isinstance(page, BasePage):
        raise Http404("There is no such page.")
    clinic_name = contact_details(request).name
    if look != look_of(page, clinic_name):
        answer: HttpResponse = HttpResponseRedirect(picture_address(page, clinic_name))
        answer["Cache-Control"] = KEPT_SHORTLY
        return answer
    return HttpResponse(kept(page, clinic_name), content_type="image/jpeg", headers={"Cache-Control": KEPT})


def kept(page: BasePage, clinic_name: str) -> bytes:
    """Return the picture from disk, or draw and keep it."""
    file = file_of(page, clinic_name)
    try:
        return file.read_bytes()
    except OSError:
        return drawn_and_kept(page, clinic_name, file)


def make_all() -> Iterator[int]:
    """Draw ahead what is missing, page by page, which takes a second or two each; yield how many that were."""
    clinic_name = contact_details().name
    for page in Page.objects.live().specific().iterator():
        if isinstance(page, BasePage):
            file = file_of(page, clinic_name)
            if not file.exists():
                drawn_and_kept(page, clinic_name, file)
                # None where nothing can be kept: whoever repeats this until nothing is missing comes to an end.
                yield int(file.exists())


def file_of(page: BasePage, clinic_name: str) -> Path:
    image = page.share_image or page.lead_image
    name = f"{page.pk}-{look_of(page, clinic_name)}{f'-{image.file_hash[:8]}' if image else ''}.jpg"
    return Path(settings.STATE_DIR) / "share" / name


def drawn_and_kept(page: BasePage, clinic_name: str, file: Path) -> bytes:
    """Draw the picture and keep it if that is possible; earlier pictures of the page are thrown away then."""
    drawn = drawn_anew(page, clinic_name, page.share_image or page.lead_image)
    try:
        for earlier in file.parent.glob(f"{page.pk}-*.jpg"):
            earlier.unlink(missing_ok=True)
        atomic_write(file, drawn)
    except OSError:
        logger.exception("A share picture could not be kept in %s.", file.parent)
    return drawn


def drawn_anew(page: BasePage, clinic_name: str, image: ClinicImage | None) -> bytes:
    """Draw the page's title over its lead picture; what an editor chose for sharing stays as it is."""
    picture = opened(image) if image else None
    if image is None or picture is None:
        return draw(page.title_for_sharing, clinic_name, None)
    point = image.get_focal_point()
    focus = (point.centroid.x / image.width, point.centroid.y / image.height) if point else (0.5, 0.5)
    if page.share_image_id:
        return plain(picture, focus)
    return draw(page.title_for_sharing, clinic_name, picture, focus)


def opened(image: ClinicImage) -> Image.Image | None:
    """Return the picture's pixels, the right way up; None when its file is gone or unreadable."""
    try:
        with image.open_file() as file, Image.open(file) as picture:
            picture.draft("RGB", (1600, 1600))  # a JPEG of a camera is read at a part of its size
            upright: Image.Image = ImageOps.exif_transpose(picture).convert("RGB")
            return upright
    except (OSError, ValueError):
        logger.exception("The picture %s cannot be read.", image.pk)
        return None

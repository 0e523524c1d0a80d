"""Share pictures: what messengers show of a page, its title over its lead picture with the clinic's name and mark.

The worker draws one after its page was published. It is stored and served like a rendition. The shade over the picture,
the mark and the background of pages without a picture are images in `share/`; the letters are Source Serif Pro (SIL
Open Font License).
"""

import json
import logging
from hashlib import blake2s
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.text import Truncator
from PIL import Image, ImageDraw, ImageFont, ImageOps
from PIL.ImageFont import FreeTypeFont
from wagtail.models import Page

from clinic.images.pictures import largest_jpeg
from clinic.models import BasePage, ClinicDetails, ClinicImage, ContentVersion, SharePicture

SHARE = Path(__file__).parent / "share"
# Raise it when pictures are drawn differently: all of them are then made again.
DESIGN = 2
SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 72
WHITE, PALE = (251, 250, 247), (203, 230, 220)
LARGEST, SMALLEST, LINE_HEIGHT = 84, 44, 1.14
TITLE_HEIGHT = 330


class Shared(NamedTuple):
    url: str
    width: int
    height: int


def share_picture(page: BasePage, clinic_name: str) -> Shared | None:
    """Return the page's share picture; while there is none, its lead picture's largest rendition, if there is one."""
    made = getattr(page, "share_picture", None)
    if made and made.fingerprint == fingerprint(page, clinic_name):
        return Shared(made.file.url, *SIZE)
    rendition = largest_jpeg(page.share_image or page.lead_image)
    return Shared(rendition.url, rendition.width, rendition.height) if rendition else None


def fingerprint(page: BasePage, clinic_name: str) -> str:
    """Return a short name for everything that is seen in the page's share picture."""
    image = page.share_image or page.lead_image
    pixels = [image.file_hash, *focus(image)] if image else []
    seen = [DESIGN, clinic_name, page.title_for_sharing, bool(page.share_image), pixels]
    return blake2s(json.dumps(seen).encode(), digest_size=8).hexdigest()


def make_all() -> int:
    """Draw the pictures that are missing or outdated, each in about half a second; return how many there were.

    Those of pages that are no longer published are deleted.
    """
    SharePicture.objects.exclude(page__live=True).delete()
    details = ClinicDetails.objects.first() or ClinicDetails()
    drawn = dict(SharePicture.objects.values_list("page", "fingerprint"))
    pages = [page for page in Page.objects.live().specific().defer_streamfields() if isinstance(page, BasePage)]
    prefetch_related_objects(pages, "lead_image", "share_image")
    outdated = [page for page in pages if drawn.get(page.pk) != fingerprint(page, details.name)]
    for page in outdated:
        make(page, details.name)
    return len(outdated)


def make(page: BasePage, clinic_name: str) -> None:
    """Draw the page's picture, and store it in place of the one before."""
    wanted = fingerprint(page, clinic_name)
    jpeg = BytesIO()
    draw(page, clinic_name).save(jpeg, "JPEG", quality=84, optimize=True, progressive=True)
    with transaction.atomic():
        SharePicture.objects.filter(page=page.pk).delete()
        file = ContentFile(jpeg.getvalue(), name=f"share-{page.pk}-{wanted}.jpg")
        SharePicture.objects.create(page_id=page.pk, fingerprint=wanted, file=file)
        ContentVersion.renew()


def draw(page: BasePage, clinic_name: str) -> Image.Image:
    """Draw the title over the page's lead picture. An editor's picture for sharing is only cut to size."""
    image = page.share_image or page.lead_image
    picture = pixels_of(image) if image else None
    if picture is not None and page.share_image:
        return ImageOps.fit(picture, SIZE, centering=focus(page.share_image))
    if picture is None or image is None:
        card, room = Image.open(SHARE / "ridge.png").convert("RGB"), WIDTH * 0.75
    else:
        # A portrait cut to the card's width would lose the face: it is shown whole, at the right.
        is_portrait = picture.width < picture.height * 1.3
        room = WIDTH * (0.4 if is_portrait else 0.5)
        size = (HEIGHT, HEIGHT) if is_portrait else SIZE
        card = Image.new("RGB", SIZE)
        card.paste(ImageOps.fit(picture, size, centering=focus(image)), (WIDTH - size[0], 0))
        shade = Image.open(SHARE / ("over-portrait.png" if is_portrait else "over-landscape.png"))
        card.paste(shade, (0, 0), shade)
    brush = ImageDraw.Draw(card)
    brush.text((MARGIN + 74, MARGIN + 16), clinic_name, PALE, font(34), anchor="lm")
    letters, lines = fit(" ".join(page.title_for_sharing.split()), room)
    step = letters.size * LINE_HEIGHT
    top = (HEIGHT + 10 - step * (len(lines) - 1)) / 2
    for number, line in enumerate(lines):
        brush.text((MARGIN, top + step * number), line, WHITE, letters, anchor="lm")
    return card


def pixels_of(image: ClinicImage) -> Image.Image | None:
    """Return the stored picture, which is upright already; None, and a log entry, when it cannot be read."""
    try:
        with image.open_file() as file, Image.open(file) as picture:
            return picture.convert("RGB")
    except (OSError, ValueError):
        logging.getLogger(__name__).exception("Image %s cannot be read.", image.pk)
        return None


def focus(image: ClinicImage) -> tuple[float, float]:
    """Return what a crop must keep, as fractions of the image's width and height."""
    point = image.get_focal_point()
    return (point.centroid.x / image.width, point.centroid.y / image.height) if point else (0.5, 0.5)


def fit(title: str, room: float) -> tuple[FreeTypeFont, list[str]]:
    """Return the largest font in which the title fits, and its lines: as few as possible, of about the same length.

    A title that is too long is cut with “…”.
    """
    for size in range(LARGEST, SMALLEST - 1, -4):
        letters = font(size)
        lines = wrap(title, letters, room)
        if len(lines) * size * LINE_HEIGHT <= TITLE_HEIGHT and max(map(letters.getlength, lines)) <= room:
            narrower = (wrap(title, letters, width) for width in range(int(room / 3), int(room), 20))
            return letters, next((broken for broken in narrower if len(broken) == len(lines)), lines)
    return fit(Truncator(title).chars(len(title) - 5), room)


def wrap(title: str, letters: FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and letters.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def font(size: int) -> FreeTypeFont:
    return ImageFont.truetype(str(SHARE / "SourceSerifPro-Semibold.ttf"), size)

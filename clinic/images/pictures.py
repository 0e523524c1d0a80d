"""The shapes pictures are shown in, and pages' pictures in the renditions that are there.

Nothing here makes a rendition: that takes seconds and is done ahead (clinic/renditions.py), never in a visitor's
request. A picture that is not ready in its shape is shown in another one, or not at all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from wagtail.images.models import Filter, Picture

if TYPE_CHECKING:
    from clinic.models import ClinicImage, ClinicRendition

logger = logging.getLogger(__name__)

FORMATS = "format-{avif,webp,jpeg}"


@dataclass(frozen=True)
class Shape:
    """A picture's boxes in pixels (narrowest first) and the `sizes` that tell a browser which one to take."""

    boxes: tuple[str, ...]
    sizes: str

    @property
    def specs(self) -> list[str]:
        """Wagtail's filter specs, every box in every format."""
        return Filter.expand_spec(f"fill-{{{','.join(self.boxes)}}} {FORMATS}")

    @cached_property
    def filters(self) -> list[Filter]:
        return [Filter(spec) for spec in self.specs]


# Several shapes share boxes, so that a picture is made once for all of them. Phones have three pixels where two are
# enough for a picture: 67vw instead of 100vw takes a third of the bytes off, and nobody sees it.
WIDE = ("480x270", "800x450", "1280x720")
SHAPES = {
    "hero": Shape(("640x480", "1024x576", "1600x800"), "(min-width: 40rem) 100vw, 67vw"),
    # Beside the words the picture is as high as they are, and cut at its sides: it covers more than its width.
    "lead": Shape(WIDE, "(min-width: 60rem) max(44vw, 50rem), (min-width: 40rem) 100vw, 67vw"),
    "card": Shape(WIDE[:2], "(min-width: 64rem) 22rem, (min-width: 40rem) 50vw, 67vw"),
    "portrait": Shape(("320x320", "640x640"), "(min-width: 40rem) 18rem, 45vw"),
    "body": Shape(WIDE, "(min-width: 48rem) 42rem, 67vw"),
}


def picture(image: ClinicImage, shape: str, *, lazy: bool = True, said: bool = True) -> Picture | str:
    """Return a `<picture>` of `image` in the named shape, or else in another; nothing when it has no rendition yet.

    Where it is not `said`, screen readers pass over it: the words beside it say all. Raises `KeyError` for a shape
    that is not in `SHAPES`.
    """
    wanted = SHAPES[shape]
    prefetch_related_objects([image], "renditions")  # all shapes in one query; none where they are already fetched
    for other in (wanted, *SHAPES.values()):
        found = image.find_existing_renditions(*other.filters)
        if found:
            break
        tell_once(image.pk, shape)
    else:
        return ""
    attributes = {"sizes": wanted.sizes, "decoding": "async"}
    attributes |= {"loading": "lazy"} if lazy else {"fetchpriority": "high"}
    attributes |= {} if said else {"alt": ""}
    return Picture({one.spec: found[one] for one in other.filters if one in found}, attributes)


def largest_jpeg(image: ClinicImage) -> ClinicRendition | None:
    """Return the widest JPEG rendition that has been made, for programs that may not read newer formats."""
    jpegs = [rendition for rendition in image.renditions.all() if rendition.file.name.endswith(".jpg")]
    return max(jpegs, key=lambda rendition: rendition.width, default=None)


@lru_cache(maxsize=1000)
def tell_once(pk: int, shape: str) -> None:
    logger.warning("Picture %s has no rendition as “%s” yet: `manage.py make_renditions` makes it.", pk, shape)

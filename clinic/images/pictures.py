"""The shapes in which pages show images, and the `<picture>` element of an image.

Nothing here makes a rendition: that takes seconds and happens before a visitor asks (`clinic.images.renditions`). An
image without renditions in the wanted shape is shown in another shape, or not at all.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects
from wagtail.images.models import Filter, Picture

from clinic.models import ClinicImage, ClinicRendition

FORMATS = "format-{avif,webp,jpeg}"


@dataclass(frozen=True)
class Shape:
    """Sizes in pixels to which an image is cropped, narrowest first, and the `sizes` attribute for choosing one."""

    boxes: tuple[str, ...]
    sizes: str

    @property
    def specs(self) -> list[str]:
        return Filter.expand_spec(f"fill-{{{','.join(self.boxes)}}} {FORMATS}")

    @cached_property
    def filters(self) -> list[Filter]:
        return [Filter(spec) for spec in self.specs]


# Shapes share boxes, so that a rendition is made once for all of them. Phones have three device pixels for each CSS
# pixel, more than a picture needs: 67vw instead of 100vw saves a third of the bytes without a visible difference.
WIDE = ("480x270", "800x450", "1280x720")
SHAPES = {
    "hero": Shape(("640x480", "1024x576", "1600x800"), "(min-width: 40rem) 100vw, 67vw"),
    # Beside text the picture is as high as the text and cut at its sides, so more than its visible width is needed.
    "lead": Shape(WIDE, "(min-width: 60rem) max(44vw, 50rem), (min-width: 40rem) 100vw, 67vw"),
    "card": Shape(WIDE[:2], "(min-width: 64rem) 22rem, (min-width: 40rem) 50vw, 67vw"),
    "portrait": Shape(("320x320", "640x640"), "(min-width: 40rem) 18rem, 45vw"),
    "body": Shape(WIDE, "(min-width: 48rem) 42rem, 67vw"),
}


def picture(image: ClinicImage | None, shape: str, *, lazy: bool = True, decorative: bool = False) -> Picture | str:
    """Return a `<picture>` of `image` in the named shape, or in another one; empty if it has no renditions yet.

    A decorative one has an empty `alt`, so that screen readers skip it: the text beside it says the same. Raises
    `KeyError` for a shape that is not in `SHAPES`.
    """
    wanted = SHAPES[shape]
    if not image:
        return ""
    prefetch_related_objects([image], "renditions")  # all shapes in one query; none where they are already fetched
    for other in (wanted, *SHAPES.values()):
        found = image.find_existing_renditions(*other.filters)
        if found:
            break
    else:
        return ""
    attributes = {"sizes": wanted.sizes, "decoding": "async"}
    attributes |= {"loading": "lazy"} if lazy else {"fetchpriority": "high"}
    attributes |= {"alt": ""} if decorative else {}
    return Picture({one.spec: found[one] for one in other.filters if one in found}, attributes)


def largest_jpeg(image: ClinicImage | None) -> ClinicRendition | None:
    """Return the widest JPEG rendition that has been made, for programs that may not read newer formats."""
    if image is None:
        return None
    prefetch_related_objects([image], "renditions")
    jpegs = [rendition for rendition in image.renditions.all() if rendition.file.name.endswith(".jpg")]
    return max(jpegs, key=lambda rendition: rendition.width, default=None)

"""Renditions, made when an image is uploaded or changed and when a page that shows it is published.

All sizes and formats of one image take one to four seconds, which the editor waits once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.signals import page_published
from willow.plugins.pillow import PillowImage
from willow.registry import registry

from clinic.images.pictures import SHAPES
from clinic.models import BasePage, ClinicImage, HomePage, PractitionerPage
from clinic.page_cache.invalidation import invalidate

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

SQUARE_UP_TO = 1.2  # width to height; taller images count as portraits


def connect() -> None:
    post_save.connect(image_saved, sender=get_image_model(), dispatch_uid="make_renditions")
    page_published.connect(page_was_published, dispatch_uid="make_renditions")
    registry.register_operation(PillowImage, "auto_orient", turn_upright)


def turn_upright(image: PillowImage) -> PillowImage:
    """Turn the picture as its camera says, as every rendition begins; leave out where and when it was taken.

    Willow would copy that into every JPEG, with the camera's small copy of the uncropped picture.
    """
    upright = PillowImage.auto_orient(image)
    for name in ("exif", "xmp", "XML:com.adobe.xmp", "comment"):
        upright.image.info.pop(name, None)
    return upright


def image_saved(instance: ClinicImage, *, raw: bool = False, **_kwargs: Any) -> None:
    if not raw:
        transaction.on_commit(lambda: make_quietly(instance, *usual_shapes(instance)))


def page_was_published(instance: Page, **_kwargs: Any) -> None:
    if isinstance(instance, BasePage):
        transaction.on_commit(lambda: make_for_page(instance))


def make_renditions(image: ClinicImage, *shapes: str) -> int:
    """Make the image's missing renditions in these shapes; return how many there were.

    Raises `OSError` or `ValueError` when the original cannot be read.
    """
    filters = {one.spec: one for shape in shapes for one in SHAPES[shape].filters}
    # A new instance: the given one may have an older list of its renditions.
    image = type(image).objects.get(pk=image.pk)
    missing = filters.keys() - {one.spec for one in image.find_existing_renditions(*filters.values())}
    if missing:
        image.get_renditions(*missing)
        # A page rendered in the meantime shows the image in another shape, or not at all.
        invalidate()
    return len(missing)


def make_quietly(image: ClinicImage, *shapes: str) -> int:
    """Call `make_renditions`, but log an image that cannot be read, so that its page is published without it."""
    try:
        return make_renditions(image, *shapes)
    except (OSError, ValueError, type(image).DoesNotExist):
        logger.exception("No renditions of image %s could be made.", image.pk)
        return 0


def usual_shapes(image: ClinicImage) -> list[str]:
    return ["lead", "portrait"] if image.width < image.height * SQUARE_UP_TO else ["lead"]


def make_for_page(page: BasePage) -> int:
    """Make the page's images in the shapes that the page and its cards use."""
    shapes = ["lead"]
    if isinstance(page, HomePage):
        shapes.append("hero")
    if isinstance(page, PractitionerPage):
        shapes.append("portrait")
    return sum(make_quietly(image, *shapes) for image in pictures_of(page))


def pictures_of(page: BasePage) -> Iterator[ClinicImage]:
    """Yield the images that the page shows; the share picture is made in `share_pictures`."""
    for field in page._meta.get_fields():
        if field.name == "share_image":
            continue
        if field.is_relation and field.many_to_one and field.related_model is get_image_model():
            image = getattr(page, field.name)
            if image:
                yield image
        elif isinstance(field, StreamField):
            for block in getattr(page, field.name):
                if block.block_type == "image" and block.value["image"]:
                    yield block.value["image"]


def make_all() -> int:
    """Make all missing renditions; return how many there were."""
    made = sum(make_quietly(image, *usual_shapes(image)) for image in get_image_model().objects.all())
    return made + sum(make_for_page(page) for page in Page.objects.live().specific() if isinstance(page, BasePage))

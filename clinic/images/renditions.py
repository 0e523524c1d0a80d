"""Pictures made ahead: when one is uploaded or changed, and when a page is published that shows it.

One picture in all boxes and formats takes one to four seconds of the editor's time, once.
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

from clinic.images.pictures import SHAPES
from clinic.models import BasePage, ClinicImage, HomePage, PractitionerPage
from clinic.page_cache.invalidation import invalidate

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

SQUARE_UP_TO = 1.2  # width to height: taller pictures are portraits


def connect() -> None:
    post_save.connect(image_saved, sender=get_image_model(), dispatch_uid="make_renditions")
    page_published.connect(page_was_published, dispatch_uid="make_renditions")


def image_saved(instance: ClinicImage, *, raw: bool = False, **_kwargs: Any) -> None:
    if not raw:
        transaction.on_commit(lambda: make_quietly(instance, *usual_shapes(instance)))


def page_was_published(instance: Page, **_kwargs: Any) -> None:
    if isinstance(instance, BasePage):
        transaction.on_commit(lambda: make_for_page(instance))


def make_renditions(image: ClinicImage, *shapes: str) -> int:
    """Make what is missing of the picture in these shapes; return how many renditions that were.

    Raises what Pillow and the storage raise when the original cannot be read.
    """
    filters = {one.spec: one for shape in shapes for one in SHAPES[shape].filters}
    # Asked anew: the picture may carry a list of its renditions from before.
    image = type(image).objects.get(pk=image.pk)
    missing = filters.keys() - {one.spec for one in image.find_existing_renditions(*filters.values())}
    if missing:
        image.get_renditions(*missing)
        # A page drawn in the meantime shows the picture in another shape or not at all.
        invalidate()
    return len(missing)


def make_quietly(image: ClinicImage, *shapes: str) -> int:
    """Do as `make_renditions`, but leave a picture that cannot be read to the log: its page is published without it."""
    try:
        return make_renditions(image, *shapes)
    except (OSError, ValueError, type(image).DoesNotExist):
        logger.exception("Picture %s cannot be made ready for pages.", image.pk)
        return 0


def usual_shapes(image: ClinicImage) -> list[str]:
    return ["lead", "portrait"] if image.width < image.height * SQUARE_UP_TO else ["lead"]


def make_for_page(page: BasePage) -> int:
    """Make the page's pictures in the shapes that it and its cards show them in."""
    shapes = ["lead"]
    if isinstance(page, HomePage):
        shapes.append("hero")
    if isinstance(page, PractitionerPage):
        shapes.append("portrait")
    return sum(make_quietly(image, *shapes) for image in pictures_of(page))


def pictures_of(page: BasePage) -> Iterator[ClinicImage]:
    """Yield the pictures that the page shows; the one for sharing is drawn elsewhere."""
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


def make_all() -> Iterator[int]:
    """Make whatever is missing, picture by picture and page by page; yield how many renditions each needed."""
    for image in get_image_model().objects.all():
        yield make_quietly(image, *usual_shapes(image))
    for page in Page.objects.live().specific():
        if isinstance(page, BasePage):
            yield make_for_page(page)

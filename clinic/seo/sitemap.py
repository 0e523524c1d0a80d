"""Every published page in a few queries, however many there are: for the sitemap and for llms.txt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from wagtail.images import get_image_model
from wagtail.models import Page, get_page_models

from clinic.models.base import BasePage
from clinic.seo.meta import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """A page as a list names it. `picture` is the address of its lead picture; both addresses are public ones."""

    title: str
    address: str
    description: str
    changed: datetime | None
    picture: str
    depth: int


class _Own(NamedTuple):
    """What is not in Wagtail's own table of pages."""

    introduction: str = ""
    lead_image_id: int | None = None


def entries(home: Page) -> list[Entry]:
    """Return the published pages from home down, in the order of the tree; depth counts from home."""
    pages = list(home.get_descendants(inclusive=True).live().order_by("path"))
    own = _own_fields()
    pictures = _pictures(fields.lead_image_id for fields in own.values() if fields.lead_image_id)
    found = []
    for page in pages:
        fields = own.get(page.pk, _Own())
        found.append(
            Entry(
                title=page.title,
                address=absolute(page.url),
                description=" ".join((page.search_description or fields.introduction).split()),
                changed=page.last_published_at,
                picture=pictures.get(fields.lead_image_id or 0, ""),
                depth=page.depth - home.depth,
            )
        )
    return found


def _own_fields() -> dict[int, _Own]:
    """Return introduction and picture of every page, by one query over the tables of all types."""
    models = [model for model in get_page_models() if issubclass(model, BasePage)]
    first, *others = (model.objects.order_by().values_list("pk", *_Own._fields) for model in models)
    return {pk: _Own(*fields) for pk, *fields in first.union(*others, all=True)}


def _pictures(images: Iterable[int]) -> dict[int, str]:
    """Return the address of each picture's largest JPEG that is already made; the original is never shown."""
    renditions = get_image_model().get_rendition_model().objects
    made = renditions.filter(image_id__in=set(images), file__endswith=".jpg").order_by("width", "height")
    return {rendition.image_id: absolute(rendition.url) for rendition in made}

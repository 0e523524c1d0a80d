"""Pictures within a page."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, prefetch_related_objects
from wagtail.blocks import CharBlock, StructBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock


class PictureChooserBlock(ImageChooserBlock):
    """Fetches the renditions of all pictures of a page's body in one query."""

    # What it stores is the same as Wagtail's own block, so migrations name that one.
    canonical_module_path = "wagtail.images.blocks.ImageChooserBlock"

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        pictures: list[Any] = super().bulk_to_python(values)
        prefetch_related_objects([picture for picture in pictures if picture], "renditions")
        return pictures


class ImageBlock(StructBlock):
    image = PictureChooserBlock(help_text="The picture. Its description is read to people who cannot see it.")
    caption = CharBlock(max_length=200, required=False, help_text="Shown under the picture.")

    def get_preview_value(self) -> dict[str, Model | str | None]:
        """Show the newest picture there is: a preview cannot name one that every database has."""
        return self.normalize({"image": get_image_model().objects.last(), "caption": "A caption under the picture."})

    class Meta:
        icon = "image"
        template = "clinic/blocks/image.html"
        description = "A picture with an optional caption."
        preview_value = {"caption": "A caption under the picture."}

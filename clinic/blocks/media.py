"""Pictures within a page."""

from django.db.models import Model
from wagtail.blocks import CharBlock, StructBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock


class ImageBlock(StructBlock):
    image = ImageChooserBlock(help_text="Its description is read to people who cannot see it.")
    caption = CharBlock(max_length=200, required=False, help_text="Shown under the picture.")

    def get_preview_value(self) -> dict[str, Model | str | None]:
        """Show the newest picture there is: a preview cannot name one that every database has."""
        return self.normalize({"image": get_image_model().objects.last(), "caption": "A caption under the picture."})

    class Meta:
        icon = "image"
        template = "clinic/blocks/image.html"
        description = "A picture with an optional caption."
        preview_value = {"caption": "A caption under the picture."}

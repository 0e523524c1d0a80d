"""Pictures that cannot be uploaded without saying what they show."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image

_first = ("title", "file", "description")
_others = tuple(name for name in Image.admin_form_fields if name not in _first)


class ClinicImage(AbstractImage):
    # Not `decorative`: each of Wagtail's images sets an attribute of that name to False when it is made.
    is_decorative = models.BooleanField(
        "decorative",
        default=False,
        help_text="Tick only when the picture adds nothing to the words: screen readers then pass over it.",
    )

    # What it shows is asked right after the file, and before everything that may be left as it is.
    admin_form_fields = ("title", "file", "description", "is_decorative", *_others)

    class Meta(AbstractImage.Meta):
        permissions = [("choose_image", "Can choose image")]

    def clean(self) -> None:
        super().clean()
        if self.is_decorative and self.description:
            raise ValidationError({"is_decorative": "Untick this, or empty the description: it would never be read."})
        if not self.is_decorative and not self.description.strip():
            raise ValidationError(
                {"description": "Say what the picture shows, for people who cannot see it, or tick “decorative”."}
            )

    @property
    def default_alt_text(self) -> str:
        """What stands in the `alt` attribute; empty for a decorative picture, never the file's title."""
        return "" if self.is_decorative else self.description


class ClinicRendition(AbstractRendition):
    image = models.ForeignKey(ClinicImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="clinic_rendition_once_per_filter"
            )
        ]

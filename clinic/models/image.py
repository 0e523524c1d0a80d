"""Pictures, which cannot be uploaded without a description."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import Http404
from wagtail.images.models import AbstractImage, AbstractRendition, Image, SourceImageIOError

ModelType = TypeVar("ModelType", bound=models.Model)

MOST_ATTEMPTS = 3

_first = ("title", "file", "description")
_others = tuple(name for name in Image.admin_form_fields if name not in _first)


class DamagedPictureError(SourceImageIOError, Http404):
    """The stored file cannot be read. Views that draw it without looking for this error answer 404."""


class ClinicImage(AbstractImage):
    # Not named `decorative`, because Wagtail sets an attribute of that name on each image.
    is_decorative = models.BooleanField(
        "decorative",
        default=False,
        help_text="Check only if the picture adds nothing to the text. Screen readers then skip it.",
    )

    failed_attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    # The description comes right after the file, before the optional fields.
    admin_form_fields = ("title", "file", "description", "is_decorative", *_others)

    class Meta(AbstractImage.Meta):
        permissions = [("choose_image", "Can choose image")]

    def clean(self) -> None:
        super().clean()
        if self.is_decorative and self.description:
            raise ValidationError(
                {"is_decorative": "Uncheck this or delete the description, which would never be read."}
            )
        if not self.is_decorative and not self.description.strip():
            raise ValidationError(
                {"description": "Describe the picture for people who cannot see it, or check “decorative”."}
            )

    @property
    def is_set_aside(self) -> bool:
        """Whether making its renditions failed, or killed the process, too often to try again."""
        return self.failed_attempts >= MOST_ATTEMPTS

    @contextmanager
    def get_willow_image(self) -> Iterator[Any]:
        """Open the picture; raise for a damaged one what Wagtail's lists expect of a missing one."""
        try:
            with super().get_willow_image() as picture:
                yield picture
        except (OSError, SyntaxError, ValueError) as error:
            raise DamagedPictureError(str(error)) from error

    @property
    def default_alt_text(self) -> str:
        """The `alt` attribute: never the file's title, and empty for a decorative picture."""
        return "" if self.is_decorative else self.description


class ClinicRendition(AbstractRendition):
    image = models.ForeignKey(ClinicImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="clinic_rendition_once_per_filter"
            )
        ]


class SharePicture(models.Model):
    """The picture that messengers show of a page (`clinic.images.share_pictures` draws it)."""

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="share_picture")
    # Names everything that was drawn; a page for which another one is calculated needs a new picture.
    fingerprint = models.CharField(max_length=32)
    # Beside Wagtail's renditions, so that it is served as they are.
    file = models.FileField(upload_to="images")

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.file)


@receiver(post_delete, sender=SharePicture, dispatch_uid="delete_share_picture_file")
def delete_file(instance: SharePicture, **_kwargs: Any) -> None:
    transaction.on_commit(partial(instance.file.storage.delete, str(instance.file)))


def optional_picture(help_text: str) -> models.ForeignKey:
    return models.ForeignKey(
        ClinicImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text=help_text
    )


def with_pictures(pages: models.QuerySet[ModelType]) -> models.QuerySet[ModelType]:
    """Fetch the pages' lead pictures and their renditions together with the pages."""
    return pages.select_related("lead_image").prefetch_related("lead_image__renditions")

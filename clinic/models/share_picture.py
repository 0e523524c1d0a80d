"""The picture that messengers show of a page (`clinic.images.share_pictures` draws it)."""

from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver


class SharePicture(models.Model):
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

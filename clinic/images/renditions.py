"""Renditions, made by the worker within a minute of an upload or a change: one to four seconds for each image."""

import logging
from datetime import timedelta
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import UploadedFile

from clinic.images.originals import is_normal, normalise
from clinic.images.pictures import SHAPES
from clinic.models import ClinicImage, ContentVersion, HomePage, PractitionerPage
from clinic.models.image import MOST_ATTEMPTS

logger = logging.getLogger(__name__)

SQUARE_UP_TO = 1.2  # width to height; taller images count as portraits


def make_renditions(image: ClinicImage, *shapes: str) -> int:
    """Make the image's missing renditions in these shapes, one after another; return how many there were.

    Raises `OSError`, `ValueError` or `ValidationError` when the original cannot be read.
    """
    filters = {one.spec: one for shape in shapes for one in SHAPES[shape].filters}
    missing = filters.keys() - {one.spec for one in image.find_existing_renditions(*filters.values())}
    if missing or image.failed_attempts:
        # A new instance: `get_rendition` of the given one may look into an older list.
        image = type(image).objects.get(pk=image.pk)
        stored = type(image).objects.filter(pk=image.pk)
        # Counted before it begins: the file may be one that ends the whole process.
        stored.update(failed_attempts=F("failed_attempts") + 1)
        clean_original(image)
        for spec in sorted(missing):
            image.get_rendition(spec)
        stored.update(failed_attempts=0)
    if missing:
        # A page rendered in the meantime shows the image in another shape, or not at all.
        ContentVersion.renew()
    return len(missing)


def clean_original(image: ClinicImage) -> bool:
    """Replace a stored picture that did not come through the form with its normal copy; return whether it was replaced.

    Raises `OSError` or `ValidationError` when it cannot be read.
    """
    with image.open_file() as file:
        if is_normal(file):
            return False
        content, extension = normalise(file)
    name, size = image.file.name, (image.width, image.height)
    with transaction.atomic():
        image.file = ContentFile(content, name=f"{PurePath(name).stem}.{extension}")
        image._set_image_file_metadata()  # noqa: SLF001  Wagtail has no public name for it
        if image.has_focal_point():
            # The editor chose it on the upright picture, in parts of the width and height stored then.
            across, down = image.width / size[0], image.height / size[1]
            for part, scale in (("x", across), ("y", down), ("width", across), ("height", down)):
                setattr(image, f"focal_point_{part}", round(getattr(image, f"focal_point_{part}") * scale))
        image.save()
        image.renditions.all().delete()
        transaction.on_commit(lambda: image.file.storage.delete(name))
    return True


def make_all() -> int:
    """Make all missing renditions; return how many there were. Four queries if there were none.

    A picture that cannot be read is logged, and after some attempts left out.
    """
    heroes = set(HomePage.objects.values_list("lead_image", flat=True))
    portraits = set(PractitionerPage.objects.values_list("lead_image", flat=True))
    made = 0
    for image in ClinicImage.objects.filter(failed_attempts__lt=MOST_ATTEMPTS).prefetch_related("renditions"):
        shapes = ["lead"]
        if image.pk in heroes:
            shapes.append("hero")
        if image.pk in portraits or image.width < image.height * SQUARE_UP_TO:
            shapes.append("portrait")
        try:
            made += make_renditions(image, *shapes)
        except (OSError, ValueError, ValidationError, type(image).DoesNotExist):
            logger.exception("No renditions of image %s could be made.", image.pk)
    return made


def failed_once() -> bool:
    """Say whether there are pictures that failed, and are not set aside yet."""
    return bool(ClinicImage.objects.filter(failed_attempts__range=(1, MOST_ATTEMPTS - 1)).exists())


def forget_unfinished_uploads() -> int:
    """Delete pictures older than a day that were uploaded, but never described; return how many there were."""
    forgotten = 0
    for upload in UploadedFile.objects.all():
        try:
            is_recent = upload.file.storage.get_modified_time(upload.file.name) > timezone.now() - timedelta(days=1)
        except OSError:
            is_recent = False
        if not is_recent:
            upload.file.delete(save=False)
            upload.delete()
            forgotten += 1
    return forgotten

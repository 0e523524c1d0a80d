"""Replace stored pictures with their normal copies."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from clinic.images.renditions import clean_original, forget_unfinished_uploads
from clinic.models import ClinicImage


class Command(BaseCommand):
    help = "Turns stored pictures upright, makes them smaller, and removes metadata and renditions (made again later)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        cleaned, images = 0, ClinicImage.objects.order_by("pk")
        for image in images.iterator():
            try:
                cleaned += clean_original(image)
            except (OSError, ValueError, ValidationError) as error:
                reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                self.stderr.write(f"Picture {image.pk} was left as it is. {reason}")
        self.stdout.write(f"Cleaned {cleaned} of {images.count()} pictures.")
        self.stdout.write(f"Deleted {forget_unfinished_uploads()} unfinished uploads.")

"""`manage.py make_renditions`: every picture in every shape and format that pages show it in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clinic.images.renditions import make_all


class Command(BaseCommand):
    help = "Makes the renditions of pictures that are missing, after a restore or a change of shapes, for instance."

    def handle(self, *_args: Any, **_options: Any) -> None:
        made = sum(make_all())
        self.stdout.write(f"Made {made} renditions." if made else "Every picture has its renditions.")

"""The admin form of an image, which explains what the description is for."""

from __future__ import annotations

from typing import Any

from wagtail.images.forms import BaseImageForm


class ClinicImageForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The field is Wagtail's and may be empty there.
        self.fields[
            "description"
        ].help_text = "Required unless the picture is decorative: what it shows, for people who cannot see it."

"""The form of a picture, which says what its description is for."""

from __future__ import annotations

from typing import Any

from wagtail.images.forms import BaseImageForm


class ClinicImageForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The model's own field is Wagtail's, and Wagtail lets it be empty.
        self.fields[
            "description"
        ].help_text = "Needed, unless the picture is decorative: what it shows, for people who cannot see it."

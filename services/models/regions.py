"""A field for places of the body, chosen with check boxes and stored as a list of their short names."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from services.body_map import REGIONS


def known_regions(values: object) -> None:
    """Raise `ValidationError` unless this is a list of places that the drawing knows."""
    if not isinstance(values, list) or not set(map(str, values)) <= {region.name for region in REGIONS}:
        raise ValidationError("Choose places from the list.")


class RegionsField(models.JSONField):
    """The places, from head to foot; an empty list when none is chosen."""

    default_validators = [known_regions]

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return plain JSON for migrations: they import nothing of ours."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", list(args), options

    def formfield(self, **options: Any) -> forms.MultipleChoiceField:
        return forms.MultipleChoiceField(
            choices=[(region.name, region.label) for region in REGIONS],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=options.get("label", "Where it hurts"),
            help_text=self.help_text,
        )

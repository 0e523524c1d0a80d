"""Synonyms for the search."""

from django.db import models
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="search")
class SearchWords(BaseSiteSetting):
    synonyms = models.TextField(
        blank=True,
        help_text="One group per line, separated by commas: “ims, dry needling, needling”. "
        "A search for one of them also finds pages with the others.",
    )

    panels = ["synonyms"]

    class Meta:
        verbose_name = "search words"
        verbose_name_plural = "search words"

    def __str__(self) -> str:
        return "search words"

    @property
    def groups(self) -> list[list[str]]:
        """The groups in lower case, without blanks and empty words."""
        lines = (line.split(",") for line in self.synonyms.lower().splitlines())
        return [words for line in lines if (words := [word.strip() for word in line if word.strip()])]

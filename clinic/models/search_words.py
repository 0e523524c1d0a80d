"""The words that the search knows besides the pages: synonyms, and words that say nothing."""

import tomllib
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from django.db import models
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from clinic.lib.words import stems_of, words_of

_KNOWN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
IGNORED_WORDS = frozenset(words_of(_KNOWN["ignored"]))
KNOWN_WORDS = frozenset(words_of(_KNOWN["known"]))


@register_setting(icon="search")
class SearchWords(BaseSiteSetting):
    synonyms = models.TextField(
        blank=True,
        help_text="One group per line, separated by commas: “ims, dry needling, needling”. "
        "A search for one of them also finds pages with the others. Many are built in, some of them French: "
        "add the words that your patients use.",
    )

    panels = ["synonyms"]

    class Meta:
        verbose_name = "search words"
        verbose_name_plural = "search words"

    def __str__(self) -> str:
        return "search words"

    @property
    def by_stems(self) -> dict[str, list[str]]:
        """The other words of the groups that a phrase is in, the clinic's own first, by the phrase's stems."""
        return synonyms_by_stems(f"{self.synonyms}\n{_KNOWN['synonyms']}")


@lru_cache(maxsize=4)
def synonyms_by_stems(text: str) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        # Of two forms of one word the first is shown.
        group = {stems_of(phrase): phrase.strip() for phrase in reversed(line.split(",")) if words_of(phrase)}
        for stems in group:
            found[stems] += [other for others, other in reversed(group.items()) if others != stems]
    return dict(found)

"""The public search: its index, and the words that it knows besides the pages."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import models
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page, get_page_models

from clinic.lib.words import stems_of, words_of
from clinic.models.base import BasePage

# A field that counts more than the title holds another name of what the page is about.
BOOST_OF_NAMES = 3
_KNOWN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
IGNORED_WORDS = frozenset(words_of(_KNOWN["ignored"]))
KNOWN_WORDS = frozenset(words_of(_KNOWN["known"]))


class SearchEntry(models.Model):
    """A row for each page, the same on SQLite and PostgreSQL, made from the `search_fields`.

    What the page has to say; the columns from `title` to `body` hold the stems of its words, in their order.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="+")
    title = models.TextField()
    names = models.TextField()
    introduction = models.TextField()
    body = models.TextField()
    words = models.TextField("the words of title and names, in lower case; on a second line, those of the text")
    text = models.TextField("the page's text, one passage on each line")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"search entry {self.pk}"

    @classmethod
    def write(cls, page: BasePage) -> None:
        """Write the entry of the page as it is now."""
        names: list[str] = []
        body: list[str] = []
        for field in page.get_searchable_search_fields():
            if field.field_name not in {"title", "introduction"}:
                texts = names if (field.boost or 0) >= BOOST_OF_NAMES else body
                value = field.get_value(page)
                texts += value.splitlines() if isinstance(value, str) else texts_of(value)
        introduction = [page.introduction, page.search_description, page.seo_title]
        passages = [page.introduction, *names, *body, page.search_description]
        values = {
            "title": stems_of(page.title),
            "names": stems_of(" ".join(names)),
            "introduction": stems_of(" ".join(introduction)),
            "body": stems_of(" ".join(body)),
            "words": "\n".join(
                " ".join(dict.fromkeys(words_of(" ".join(texts)))) for texts in ([page.title, *names], passages)
            ),
            "text": "\n".join(" ".join(passage.split()) for passage in passages),
        }
        entry = SearchEntry(page_id=page.pk, **values)
        SearchEntry.objects.bulk_create([entry], update_conflicts=True, unique_fields=["page"], update_fields=values)

    @classmethod
    def write_saved(cls, instance: models.Model, *, raw: bool = False, **kwargs: Any) -> None:
        """Keep the entry true to its page: a receiver of `post_save`."""
        # Single columns are saved with a draft, whose words are not public.
        if isinstance(instance, BasePage) and instance.live and not raw and not kwargs.get("update_fields"):
            cls.write(instance)

    @classmethod
    def write_all(cls) -> int:
        """Write the entries of all live pages, and return how many there are."""
        models = (model for model in get_page_models() if issubclass(model, BasePage))
        pages = [page for model in models for page in model.objects.live()]
        for page in pages:
            cls.write(page)
        return len(pages)


def texts_of(value: object) -> Iterator[str]:
    """Return the texts in a field's value, however deep they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_of(part)


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

"""Wagtail's database search, without the characters on which its SQLite backend fails (wagtail#13227)."""

import re
from typing import Any

from modelsearch.backends import database


def clean(query: Any) -> Any:
    """Return a text without quotation marks, slashes and control characters, and not too long; else what it is."""
    if not isinstance(query, str):
        return query
    text = re.sub(r'[\x00-\x1f\x7f"/\\|]+', " ", query)[:200].strip()  # “back/neck” are two words
    return text if any(map(str.isalnum, text)) else ""  # PostgreSQL finds every page for a single hyphen


class SearchBackend:
    def __init__(self, params: dict[str, Any]) -> None:
        self._backend = database.SearchBackend(params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return self._backend.search(clean(query), *args, **kwargs)

    def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return self._backend.autocomplete(clean(query), *args, **kwargs)

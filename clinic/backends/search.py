"""Wagtail's database search, for any text that people type.

The SQLite backend fails on a single quotation mark or a NUL (wagtail#13227), in the public search and in the admin.
Here those characters are removed first.
"""

import re
from typing import Any

from modelsearch.backends import database

LONGEST_QUERY = 200
_WORD = re.compile(r"[^\W_]")
# “back/neck” are two words.
_NOT_FOR_SEARCH = re.compile(r"[\x00-\x1f\x7f\"/\\|]+")


def clean(query: Any) -> Any:
    """Return the text without quotation marks, slashes and control characters, at most 200 characters long.

    Anything that is not text is returned as it is.

    Text without a letter or a digit becomes empty: PostgreSQL finds every page for a single hyphen.
    """
    if not isinstance(query, str):
        return query
    text = _NOT_FOR_SEARCH.sub(" ", query)[:LONGEST_QUERY].strip()
    return text if _WORD.search(text) else ""


class SearchBackend:
    """The backend of the database in use, which gets only cleaned text."""

    def __init__(self, params: dict[str, Any]) -> None:
        self._backend = database.SearchBackend(params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return self._backend.search(clean(query), *args, **kwargs)

    def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return self._backend.autocomplete(clean(query), *args, **kwargs)

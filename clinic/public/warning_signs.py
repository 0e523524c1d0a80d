"""Whether a search mentions something urgent: the page then begins with the clinic's emergency wording.

This app knows no such signs; another app registers a function that finds them (`find_warning_signs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from wagtail import hooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HOOK = "find_warning_signs"


class Signs(Protocol):
    """What such a function returns for a text."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def in_french(self) -> bool: ...


def warning_signs_in(text: str) -> Signs | None:
    """Return the signs that the text mentions, or `None`."""
    functions: Iterable[Callable[[str], Signs]] = hooks.get_hooks(HOOK)
    return next((found for find in functions if (found := find(text)).names), None)

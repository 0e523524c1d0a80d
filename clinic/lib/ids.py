"""Whole numbers out of addresses and forms, where anybody can type anything."""

from __future__ import annotations

import re


def small_number(typed: str) -> int | None:
    """Return the number if nine digits are enough for it: every column holds that, and reading it costs nothing."""
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None

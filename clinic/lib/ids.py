"""Primary keys from addresses and forms, where anyone can type anything."""

import re


def parse_pk(typed: str) -> int | None:
    """Return the number if it has at most nine digits, which every key column can hold; else None."""
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None

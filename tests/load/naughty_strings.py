"""Some 500 strings that programs stumble over, made from Unicode's categories and from the list in hostile.toml."""

import sys
import unicodedata
from collections import defaultdict
from itertools import islice

# As Unicode writes them: they turn the direction of what follows.
DIRECTIONS = [
    "\u202eevil.example\u202c",
    "\u2067\u0623\u0647\u0644\u0627\u2069 end",
    "\u202a\u202b\u202d",
    "a\u200fb\u200e",
]


def naughty_strings(listed: list[str]) -> list[str]:
    """Return these and the others, in a fixed order and without doubles."""
    by_category: defaultdict[str, list[str]] = defaultdict(list)
    for number in range(sys.maxunicode + 1):
        by_category[unicodedata.category(chr(number))].append(chr(number))
    found = ["", " ", "\t \n", *listed, *DIRECTIONS]
    found += [f"a{chr(number)}b" for number in (*range(32), *range(127, 160))]
    for signs in by_category.values():
        some = list(islice(signs, 0, None, max(1, len(signs) // 8)))[:8]
        found += some[:3]
        found += [f"Jo{sign}hn" for sign in some]
        found += [some[-1] * 300]
    found += ["a" * length for length in (200, 201, 254, 255, 4_000, 4_001, 100_000)]
    found += ["é " * 2_000, "\n" * 5_000, "<" * 4_000, "😀" * 4_000, "('" * 2_000, "word " * 20_000]
    # A lone surrogate cannot be sent as UTF-8.
    return [text for text in dict.fromkeys(found) if not any(unicodedata.category(sign) == "Cs" for sign in text)]

"""The short reference a patient reads out on the telephone, such as `K7-3F9Q`."""

import re
import secrets

# Without 0 O 1 I L 2 Z 5 S 8 B U V: none is taken for another, read or heard.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"

REFERENCE = re.compile(rf"\b[{ALPHABET}]{{2}}-[{ALPHABET}]{{4}}\b")


def new_reference() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{letters[:2]}-{letters[2:]}"


def as_reference(typed: str) -> str | None:
    """Return what was typed as a reference, however it was written, or `None` when it cannot be one."""
    letters = re.sub(r"[\W_]", "", typed).upper()
    if len(letters) == 6 and set(letters) <= set(ALPHABET):  # noqa: PLR2004  two and four, as above
        return f"{letters[:2]}-{letters[2:]}"
    return None

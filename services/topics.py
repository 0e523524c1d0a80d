"""What a treatment or a condition is called in the middle of a sentence."""

from __future__ import annotations


def in_a_sentence(title: str) -> str:
    """Return “Manual therapy” as “manual therapy”; “IMS and dry needling”, “X-ray” and “Bell’s palsy” as they are.

    A first word stays as it is when its second letter is a capital, or when it is a possessive: then it is a name.
    """
    first_word = title.partition(" ")[0]
    is_plain = first_word[1:2].islower() and not first_word.endswith(("’s", "'s"))
    return title[:1].lower() + title[1:] if is_plain else title

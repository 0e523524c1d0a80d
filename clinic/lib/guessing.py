"""Text that looks long but is easy to guess: one letter repeated, a short pattern, the keys of a row."""

from itertools import pairwise

ROWS = "qwertyuiop asdfghjkl zxcvbnm 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb6yhn7ujm"


def unpredictable_pairs(text: str) -> int:
    """Count the different pairs of neighbouring characters, without repeats, sequences and keys side by side."""
    letters = "".join(text.casefold().split())
    pairs = {a + b for a, b in pairwise(letters) if abs(ord(a) - ord(b)) > 1}
    return sum(pair not in ROWS and pair[::-1] not in ROWS for pair in pairs)

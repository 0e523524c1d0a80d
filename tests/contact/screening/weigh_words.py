"""Weigh words again by a folder's sample messages: `python -m tests.contact.screening.weigh_words danger FOLDER`.

`danger` writes `contact/screening/danger_weights.txt`, and `spam` writes `word_weights.txt`.
"""

import math
import sys
import tomllib
from collections import Counter
from pathlib import Path

from clinic.lib.word_weights import WordWeights

SCREENING = Path(__file__).parents[3] / "contact/screening"
# No one word decides much.
MOST = 3.0


def weigh(file: Path, such: list[str], others: list[str], *, pairs: bool = False) -> None:
    """Write each word with the logarithm of how much more often `such` contain it.

    A single word that was seen once says nothing; of pairs, most are rare.
    """
    weights = WordWeights(file, pairs=pairs)
    in_such, in_others = (Counter(word for one in some for word in weights.words_of(one)) for some in (such, others))
    lines = []
    for word in sorted({*in_such, *in_others}):
        if pairs or in_such[word] + in_others[word] > 1:
            weight = math.log(share(in_such[word], such) / share(in_others[word], others))
            lines.append(f"{word} {max(-MOST, min(MOST, weight)):.1f}\n")
    lines = [line for line in lines if not line.endswith("0.0\n")]
    file.write_text("".join(lines), "utf-8")


def share(count: int, messages: list[str]) -> float:
    return (count + 0.5) / (len(messages) + 1)


if __name__ == "__main__":
    kind, folder = sys.argv[1], Path(sys.argv[2])
    dangerous, harmless, like_spam = (
        (folder / f"{name}.txt").read_text("utf-8").splitlines() for name in ("dangerous", "harmless", "like-spam")
    )
    if kind == "danger":
        weigh(SCREENING / "danger_weights.txt", dangerous, harmless, pairs=True)
    else:
        kinds: dict[str, list[str]] = tomllib.loads((folder / "spam.toml").read_text("utf-8"))
        spam = [message for messages in kinds.values() for message in messages]
        # Patients write about dates and fees more often than these samples do.
        weigh(SCREENING / "word_weights.txt", spam, [*harmless, *dangerous, *like_spam, *like_spam, *like_spam])

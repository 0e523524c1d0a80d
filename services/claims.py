"""Sentences that a physiotherapist's advertising may not contain: guarantees, cures, superlatives and the like.

The rules are data: `claims.toml` has their patterns, and explains how they are written. No hit is what the clinic
denies (“we cannot promise a cure”), what it warns of, what a patient asks, and what is said of a study.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from clinic.lib.characters import APOSTROPHES, HYPHENS, without_accents

_SIGNS = dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS + "–—", "-") | dict.fromkeys("“”„«»″", '"')
# So much of a sentence is looked at together, however long it is. A quotation goes with its author, and a question with
# its short answer: “Side effects? None.”
_ANSWERS = (
    "none|zero|nope|no|gone|solved|sorted|done|fixed|over|one|not|never|only|just|within|completely|absolutely|totally"
    "|always|of course|yes|guaranteed|most|there (?:is|are) (?:none|no)"
)
_GOES_ON = rf"""['")]*,? (?:says|said|wrote|-|\(|(?<=\? )(?:{_ANSWERS})\b)"""
_SENTENCE = re.compile(rf"""(?:[^.!?\n]|(?<=\w)\.(?=\w)|(?<=\bdr)\.|[.!?]+(?={_GOES_ON})){{1,600}}[.!?]*['")\]]*""")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Claim(NamedTuple):
    """Where in the text, by the name of which rule, and what to write in its place."""

    start: int
    end: int
    rule: str
    advice: str


class Rule(NamedTuple):
    title: str
    advice: str
    source: str
    found: re.Pattern[str]
    allowed: re.Pattern[str]
    # Words before it in the sentence that take the promise out of it, such as “may” and “we hope”.
    hedges: re.Pattern[str]


def find_claims(text: str) -> list[Claim]:
    """Return the claims in the text, in order; of several rules that find the same words, the first."""
    plain, places = _read(text)
    claims: list[Claim] = []
    for sentence in _SENTENCE.finditer(plain):
        said = sentence[0]
        is_question = said.rstrip("\"') ").endswith("?") and not _WORDS["lures"].search(said)
        if is_question or _WORDS["warnings"].search(said):
            continue
        found: list[Claim] = []
        for name, rule in RULES.items():
            for hit in rule.found.finditer(said):
                start, end = places[sentence.start() + hit.start()], places[sentence.start() + hit.end() - 1] + 1
                is_known = any(claim.start < end and start < claim.end for claim in found)
                if not (is_known or _is_allowed(rule, said, hit) or _is_denied(said, hit)):
                    found.append(Claim(start, end, name, rule.advice))
        claims += sorted(found)
    return claims


def _is_allowed(rule: Rule, said: str, hit: re.Match[str]) -> bool:
    overlapping = (one for one in rule.allowed.finditer(said) if one.start() < hit.end() and hit.start() < one.end())
    return any(overlapping) or bool(rule.hedges.search(said[: hit.end()]))


def _is_denied(said: str, hit: re.Match[str]) -> bool:
    """Return whether the clause takes back what was found: “we cannot promise a cure”, “a cure is not possible”."""
    earliest = max(0, hit.start() - 200)
    turns = _WORDS["turns"].finditer(said, earliest, hit.end())
    clause = max((turn.end() for turn in turns if turn.end() <= hit.start()), default=earliest)
    before = _WORDS["no_denials"].sub(" ", said[clause : hit.start()])
    return bool(_WORDS["denials"].search(before) or _WORDS["denied_after"].match(said[hit.end() :]))


def _read(text: str) -> tuple[str, list[int]]:
    """Return the text in plain lower-case letters with single blanks, and the place of each of them in the text."""
    letters, places = "", []
    for place, sign in enumerate(text):
        for letter in _plain(sign):
            if letter != " " or letters[-1:] not in ("", " ", "\n"):
                letters += letter
                places.append(place)
    return letters, places


@cache
def _plain(sign: str) -> str:
    if sign.isspace():
        return "\n" if sign in "\n\r" else " "
    return _SIGNS.get(sign) or without_accents(sign).lower()


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    """Return one pattern of all: `{name}` is any of the words of that name, `~` up to four words."""
    joined = "|".join(patterns) or "(?!)"
    return re.compile(_filled(joined).replace("~", r"(?: [\w'$%,-]+){0,4}?"))


def _filled(pattern: str) -> str:
    return _PLACEHOLDER.sub(lambda name: f"(?:{_filled(_DATA['words'][name[1]])})", pattern)


_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_WORDS = {name: _any_of(patterns) for name, patterns in _DATA.items() if isinstance(patterns, list)}
# In the order of the file.
RULES = {
    name: Rule(
        rule["title"],
        rule["advice"],
        _DATA["sources"][rule["source"]],
        *(_any_of(rule.get(kind, [])) for kind in ("patterns", "allowed", "hedges")),
    )
    for name, rule in _DATA["rules"].items()
}

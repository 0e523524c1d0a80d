"""Sentences that a physiotherapist's advertising may not contain: guarantees, cures, superlatives and the like.

The rules are data: `claims.toml` has their patterns, and explains how they are written. No hit is what the clinic
denies (“we cannot promise a cure”), what it warns of, what a patient asks, and what is said of a study.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from clinic.lib.characters import APOSTROPHES, HYPHENS, without_accents

_SIGNS = {re.compile(f"[{APOSTROPHES}]"): "'", re.compile(f"[{HYPHENS}–—]"): "-", re.compile("[“”„«»″]"): '"'}
# So much of a sentence is looked at together, however long it is.
_SENTENCE = re.compile(
    r"""(?:[^.!?\n]|(?<=\w)\.(?=\w)|(?<=\bdr)\.|[.!?]+(?=['")]*,? (?:says|said|wrote|-|\()))"""
    r"""{1,600}[.!?]*['")\]]*"""
)
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
    words, plain, places = _words(), *_read(text)
    claims: list[Claim] = []
    for sentence in _SENTENCE.finditer(plain):
        said = sentence[0]
        is_question = said.rstrip("\"') ").endswith("?") and not words["lures"].search(said)
        if is_question or words["warnings"].search(said):
            continue
        for name, rule in rules().items():
            for hit in rule.found.finditer(said):
                start, end = places[sentence.start() + hit.start()], places[sentence.start() + hit.end() - 1] + 1
                is_known = any(claim.start < end and start < claim.end for claim in claims)
                if not (is_known or _is_allowed(rule, said, hit) or _is_denied(said, hit)):
                    claims.append(Claim(start, end, name, rule.advice))
    return sorted(claims)


def _is_allowed(rule: Rule, said: str, hit: re.Match[str]) -> bool:
    overlapping = (one for one in rule.allowed.finditer(said) if one.start() < hit.end() and hit.start() < one.end())
    return any(overlapping) or bool(rule.hedges.search(said[: hit.end()]))


def _is_denied(said: str, hit: re.Match[str]) -> bool:
    """Return whether the clause takes back what was found: “we cannot promise a cure”, “a cure is not possible”."""
    words = _words()
    before = words["turns"].split(words["no_denials"].sub(" ", said[: hit.start()]))[-1]
    return bool(words["denials"].search(before) or words["denied_after"].match(said[hit.end() :]))


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
    if sign in "\n\r":
        return "\n"
    for signs, plain in _SIGNS.items():
        if signs.match(sign):
            return plain
    return " " if sign.isspace() else without_accents(sign).lower()


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by their names, in the order of the file."""
    kinds = ("patterns", "allowed", "hedges")
    return {
        name: Rule(
            rule["title"],
            rule["advice"],
            _data()["sources"][rule["source"]],
            *(_any_of(rule.get(kind, [])) for kind in kinds),
        )
        for name, rule in _data()["rules"].items()
    }


@cache
def _words() -> dict[str, re.Pattern[str]]:
    return {name: _any_of(patterns) for name, patterns in _data().items() if isinstance(patterns, list)}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    """Return one pattern of all: `{name}` is any of the words of that name, `~` up to four words."""
    joined = "|".join(patterns) or "(?!)"
    filled = _PLACEHOLDER.sub(lambda name: f"(?:{_data()['words'][name[1]]})", joined)
    return re.compile(filled.replace("~", r"(?: [\w'$%,-]+){0,4}?"))

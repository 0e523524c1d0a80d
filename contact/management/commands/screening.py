"""How much form spam the screening suspects, and how many people's messages."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from contact.models import DeskSettings
from contact.screening.spam import WORDING, assess, signs_of_spam

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.management.base import CommandParser

    from contact.screening import SpamAssessment

SAMPLES = Path("tests/contact/screening/corpus")
LIKE_SPAM = ["like-spam.txt"] * 2
PEOPLE = ["harmless.txt", "dangerous.txt", "like-spam.txt"]
MOST_KINDS = 4


class Command(BaseCommand):
    help = (
        "Measure the screening for spam, without what is known of senders, on sample messages: folders with spam.toml "
        "(kinds of spam and their messages) and with people's messages, one to a line, in harmless.txt, dangerous.txt "
        "and like-spam.txt. A kind passes when half of its messages are not suspected. Exits with 1 when more than 4 "
        "kinds pass or any person's message is suspected. With -v 2 the wrong ones are printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--measure", nargs="?", type=Path, const=SAMPLES, metavar="FOLDER")
        what.add_argument("--learn", type=Path, metavar="FOLDER", help="Weigh words anew by one folder of samples.")

    def handle(self, *, measure: Path | None, verbosity: int, learn: Path | None = None, **_options: Any) -> None:
        if learn:
            spam = [message for messages in _kinds(learn).values() for message in messages]
            # Patients write about dates and fees more often than these samples do.
            count = WORDING.learn(spam, [*_people(learn), *_people(learn, LIKE_SPAM)])
            self.stdout.write(f"{count} words weighed.")
            return
        folders = sorted(file.parent for file in (measure or SAMPLES).glob("**/spam.toml"))
        if not folders:
            raise CommandError(f"There are no sample messages in {measure}.")
        desk, is_good = DeskSettings.objects.first() or DeskSettings(), True
        for folder in folders:
            kinds, people = _kinds(folder), _people(folder)
            passing = {kind: [one for one in kinds[kind] if not _assess(one, desk).is_suspected] for kind in kinds}
            through = [kind for kind, messages in passing.items() if len(messages) * 2 >= len(kinds[kind])]
            suspected = [one for one in people if _assess(one, desk).is_suspected]
            self.stdout.write(
                f"{folder.name}: {len(through)} of {len(kinds)} kinds of spam pass"
                f" ({sum(map(len, passing.values()))} of {sum(map(len, kinds.values()))} messages),"
                f" {len(suspected)} of {len(people)} people's messages are suspected"
            )
            if verbosity > 1:
                passed = (f"  {kind} passes: {_why(one, desk)}" for kind in kinds for one in passing[kind])
                for line in (*passed, *(f"  suspected: {_why(one, desk)}" for one in suspected)):
                    self.stdout.write(line)
            is_good &= len(through) <= MOST_KINDS and not suspected
        if not is_good:
            sys.exit(1)


def _kinds(folder: Path) -> dict[str, list[str]]:
    return tomllib.loads((folder / "spam.toml").read_text("utf-8"))


def _people(folder: Path, names: Iterable[str] = PEOPLE) -> list[str]:
    files = [folder / name for name in names]
    return [line for file in files if file.exists() for line in file.read_text("utf-8").splitlines()]


def _assess(text: str, desk: DeskSettings) -> SpamAssessment:
    return assess(signs_of_spam(text, desk), desk.spam_line)


def _why(text: str, desk: DeskSettings) -> str:
    assessment = _assess(text, desk)
    return f"{text} ({assessment.score}: {'; '.join(assessment.reasons) or 'no sign'})"

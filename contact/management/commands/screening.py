"""How much form spam the screening suspects, and how many people's messages."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from contact.models import DeskSettings
from contact.screening.spam import assess, signs_of_spam

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from contact.screening import SpamAssessment

SAMPLES = Path("tests/contact/screening/corpus")
PEOPLE = ("harmless.txt", "dangerous.txt", "like-spam.txt")
MOST_KINDS = 4


class Command(BaseCommand):
    help = (
        "Measure the screening for spam, without what is known of senders, on sample messages: folders with spam.toml "
        "(kinds of spam and their messages) and with people's messages, one to a line, in harmless.txt, dangerous.txt "
        "and like-spam.txt. A kind passes when half of its messages are not suspected. Exits with 1 when more than 4 "
        "kinds pass or any person's message is suspected. With -v 2 the wrong ones are printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--measure", nargs="?", type=Path, const=SAMPLES, required=True, metavar="FOLDER")

    def handle(self, *, measure: Path, verbosity: int, **_options: Any) -> None:
        files = sorted(measure.glob("**/spam.toml"))
        if not files:
            raise CommandError(f"There are no sample messages in {measure}.")
        desk, is_good = DeskSettings.objects.first() or DeskSettings(), True
        for file in files:
            kinds = tomllib.loads(file.read_text("utf-8"))
            passing = {kind: [one for one in kinds[kind] if not _assess(one, desk).is_suspected] for kind in kinds}
            through = [kind for kind, messages in passing.items() if len(messages) * 2 >= len(kinds[kind])]
            texts = [file.with_name(name) for name in PEOPLE]
            people = [line for text in texts if text.exists() for line in text.read_text("utf-8").splitlines()]
            suspected = [one for one in people if _assess(one, desk).is_suspected]
            self.stdout.write(
                f"{file.parent.name}: {len(through)} of {len(kinds)} kinds of spam pass"
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


def _assess(text: str, desk: DeskSettings) -> SpamAssessment:
    return assess(signs_of_spam(text, desk), desk.spam_line)


def _why(text: str, desk: DeskSettings) -> str:
    assessment = _assess(text, desk)
    return f"{text} ({assessment.score}: {'; '.join(assessment.reasons) or 'no sign'})"

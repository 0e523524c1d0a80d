import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contact.screening.warning_signs import find_warning_signs, is_french, warning_signs

SAMPLES = Path(__file__).parents[3] / "tests/contact/screening/corpus"
FEWEST_FOUND, MOST_FALSE_ALARMS = 0.97, 0.02


class Command(BaseCommand):
    help = (
        "Measure the warning signs in use on sample messages: folders with dangerous.txt and harmless.txt, one message "
        "to a line. Exits with 1 when fewer than 97 % of the dangerous ones are found or more than 2 % of the harmless "
        "ones are false alarms. With -v 2 the wrong ones are printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--measure", required=True, nargs="?", type=Path, const=SAMPLES, metavar="FOLDER")

    def handle(self, *, measure: Path, verbosity: int, **_options: Any) -> None:
        folders = sorted(file.parent for file in measure.glob("**/dangerous.txt"))
        if not folders:
            raise CommandError(f"There are no sample messages in {measure}.")
        signs, is_good = warning_signs(), True
        for folder in folders:
            dangerous, harmless = (
                (folder / name).read_text("utf-8").splitlines() for name in ("dangerous.txt", "harmless.txt")
            )
            missed = [message for message in dangerous if not find_warning_signs(message, signs).names]
            false = [message for message in harmless if find_warning_signs(message, signs).names]
            found, alarms = 1 - len(missed) / len(dangerous), len(false) / len(harmless)
            french = sum(map(is_french, dangerous + harmless))
            self.stdout.write(
                f"{folder.name}: {found:.1%} of {len(dangerous)} dangerous messages found, "
                f"{alarms:.1%} false alarms among {len(harmless)} harmless ones ({french} in French)"
            )
            if verbosity > 1:
                for kind, messages in (("missed", missed), ("false alarm", false)):
                    self.stdout.writelines(f"  {kind}: {message}\n" for message in messages)
            is_good &= found >= FEWEST_FOUND and alarms <= MOST_FALSE_ALARMS
        if not is_good:
            sys.exit(1)

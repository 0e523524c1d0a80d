"""Import old addresses from a CSV file. Wagtail's command of this name does not know pages."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from clinic.seo.redirects import read_csv


class Command(BaseCommand):
    help = "Imports old addresses from a CSV file with the columns old and new; run again, it updates its rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Save all rows, or none if one of them could not work."""
        try:
            redirects, problems = read_csv(file, Site.objects.get(is_default_site=True))
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not in UTF-8: save it as “CSV UTF-8” and try again.") from error
        except (OSError, ValueError, csv.Error) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        if problems:
            raise CommandError("\n".join(["Nothing was imported.", *problems]))
        with transaction.atomic():
            for redirect in redirects:
                target = {"redirect_page": redirect.redirect_page, "redirect_link": redirect.redirect_link}
                Redirect.objects.update_or_create(old_path=redirect.old_path, site=None, defaults=target)
        self.stdout.write(f"Imported {len(redirects)} old addresses.")

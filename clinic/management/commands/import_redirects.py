"""Import old addresses from a CSV file; in place of Wagtail's command of this name, which knows no pages."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from clinic.seo.redirects import made_from, read_table

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Imports old addresses from a CSV file with the columns old and new. May be run again: it updates its rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Write all rows or, when one of them could not work, none."""
        site = Site.objects.select_related("root_page").get(is_default_site=True)
        wanted: dict[str, Redirect] = {}
        faults = []
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                for number, old, new in read_table(lines):
                    try:
                        redirect = made_from(old, new, site)
                    except ValueError as fault:
                        faults.append(f"Line {number}, {old}: {fault}")
                    else:
                        wanted[redirect.old_path] = redirect
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file} is no table in UTF-8: save it as “CSV UTF-8” and try again.") from error
        except ValueError as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        if faults:
            raise CommandError("\n".join(["Nothing was imported.", *faults]))
        known = Redirect.objects.filter(site=None, old_path__in=wanted).count()
        with transaction.atomic():
            for old_path, redirect in wanted.items():
                target = {"redirect_page": redirect.redirect_page, "redirect_link": redirect.redirect_link}
                Redirect.objects.update_or_create(old_path=old_path, site=None, defaults=target)
        self.stdout.write(f"{len(wanted) - known} old addresses are new, {known} were there before.")

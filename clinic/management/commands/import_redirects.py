"""Import old addresses from a CSV file. Wagtail's command of this name does not know pages."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from clinic.seo.redirects import WORDPRESS_ID, is_answered, local, page_at

LONGEST = 255  # characters in a column of Wagtail's table


class Command(BaseCommand):
    help = "Imports old addresses from a CSV file with the columns old and new; run again, it updates its rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Save all rows, or none if one of them could not work."""
        try:
            text = file.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not in UTF-8: save it as “CSV UTF-8” and try again.") from error
        except OSError as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
        if not {"old", "new"}.issubset(rows.fieldnames or ()):
            raise CommandError(f"Nothing was imported. The first line of {file} has to name the columns: old,new")
        site = Site.objects.get(is_default_site=True)
        number, problems = 0, []
        with transaction.atomic():
            for row in rows:
                old, new = ((row[name] or "").strip() for name in ("old", "new"))
                if not (old or new) or old.startswith("#"):
                    continue
                number += 1
                if problem := save(old, new, site):
                    problems.append(f"Line {rows.line_num}, {old}: {problem}")
            if problems:
                raise CommandError("\n".join(["Nothing was imported.", *problems]))
        self.stdout.write(f"Imported {number} old addresses.")


def save(old: str, new: str, site: Site) -> str:
    """Save a redirect, or return why it could not work."""
    old_path, path = Redirect.normalise_path(old).lower(), local(new)
    if is_answered(old_path, site) and not WORDPRESS_ID.match(old_path):
        return "This site answers that address itself."
    if not new or not is_answered(new, site):
        return f"There is no page at {new or 'an empty address'}."
    if max(len(old_path), len(new)) > LONGEST:
        return f"An address may have at most {LONGEST} characters."
    page = page_at(site, path) if path else None
    target = {"redirect_page": page, "redirect_link": "" if page else new}
    Redirect.objects.update_or_create(old_path=old_path, site=None, defaults=target)
    return ""

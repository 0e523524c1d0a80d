"""Import pages, pictures and addresses of an old WordPress site as drafts."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from tqdm import tqdm

from services.wordpress.export import ExportError
from services.wordpress.importing import RULES, Importer


class Command(BaseCommand):
    help = "Imports a WordPress export (Tools → Export) as drafts, with redirects from the old addresses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--media", type=Path, help="the old site's folder wp-content/uploads")
        parser.add_argument("--rules", type=Path, help=f"which page becomes what; a changed copy of {RULES.name}")
        parser.add_argument("--dry-run", action="store_true", help="report only; change nothing")
        parser.add_argument("--report", type=Path, default=Path(settings.DATA_DIR, "wordpress-import.html"))

    def handle(
        self, *, file: Path, media: Path | None, rules: Path | None, dry_run: bool, report: Path, **_options: Any
    ) -> None:
        try:
            importer = Importer(file, media, rules, is_dry_run=dry_run)
            with tqdm(unit=" items", disable=None) as bar:
                sections = importer.run(bar.update).items()
        except (ExportError, OSError, ValueError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        for heading, lines in sections:
            self.stdout.write(f"\n{heading} ({len(lines)})")
            for line in lines:
                self.stdout.write(f"  {line}")
        html = render_to_string("services/wordpress/report.html", {"sections": sections, "is_dry_run": dry_run})
        report.write_text(html, "utf-8")
        done = "Nothing was changed: this was a dry run." if dry_run else "Everything is a draft: check and publish it."
        self.stdout.write(f"\n{done} The report for the manager: {report}")

"""Makes drafts, pictures and redirects of a WordPress export, and a report of what is left to do."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import slugify
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Site

from clinic.images.originals import normalise
from clinic.models import (
    BasePage,
    ClinicImage,
    LocationIndexPage,
    LocationPage,
    PractitionerPage,
    StandardPage,
    TeamPage,
)
from clinic.seo.redirects import page_at
from services.claims import find_claims
from services.models import ConditionIndexPage, ConditionPage, ServiceIndexPage, ServicePage
from services.models.imported import ImportedItem
from services.wordpress.content import Content, convert, path_of
from services.wordpress.export import Item, read

RULES = Path(__file__).with_name("rules.toml")
ACTION = "services.import"
SKIPPED_STATUSES = {"trash", "auto-draft", "inherit"}
# Kind → the page type, and the list it belongs to.
KINDS: dict[str, tuple[type[BasePage], type[BasePage] | None]] = {
    "treatment": (ServicePage, ServiceIndexPage),
    "condition": (ConditionPage, ConditionIndexPage),
    "person": (PractitionerPage, TeamPage),
    "location": (LocationPage, LocationIndexPage),
    "page": (StandardPage, None),
    "archive": (StandardPage, None),
}
SIZE = re.compile(r"-\d+x\d+(?=\.\w+$)|-scaled(?=\.\w+$)")
LONGEST_PATH = 255


class Importer:
    """One run. `rules` is a TOML file like `rules.toml`; with `is_dry_run` nothing is changed.

    `report` says what happened, as headings with lines of text.
    """

    def __init__(self, export: Path, media: Path | None, rules: Path | None, *, is_dry_run: bool) -> None:
        self.export, self.media, self.is_dry_run = export, media, is_dry_run
        self.rules = tomllib.loads((rules or RULES).read_text("utf-8"))
        self.report: dict[str, list[str]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.items: dict[int, Item] = {}
        self.pictures: dict[str, Item] = {}
        self.files: dict[str, Path] = {}
        self.links: list[tuple[str, str]] = []
        self.site = Site.objects.select_related("root_page").get(is_default_site=True)

    def run(self, progress: Callable[[], object] = lambda: None) -> dict[str, list[str]]:
        """Import everything, or nothing if the export turns out to be broken, and report. Raises `ExportError`."""
        for item in read(self.export):
            item.content = ""  # the texts may not fit into memory together
            self.items[item.number] = item
            if item.file_url:
                self.pictures[_name(item.file_url)] = item
        if self.media:
            self.files = {file.name.lower(): file for file in sorted(self.media.rglob("*")) if file.is_file()}
        hosts = Counter(urlsplit(item.link).netloc for item in self.items.values())
        self.host = hosts.most_common(1)[0][0] if hosts else ""
        with transaction.atomic():
            for item in read(self.export):
                kind = self.kind(item)
                if kind != "skip":
                    self.import_page(item, kind)
                progress()
            self.redirect_the_rest()
        known = {item.path.rstrip("/") for item in self.items.values()} | {""}
        for page, link in self.links:
            path = path_of(link, self.host)
            if path and path.rstrip("/") not in known:
                self.report["Links that lead nowhere"].append(f"{page}: {link}")
        for item in self.pictures.values():
            if not item.meta.get("_wp_attachment_image_alt"):
                self.report["Pictures without a description"].append(_name(item.file_url))
        counts = [f"{kind}: {number}" for kind, number in sorted(self.counts.items())]
        return {"Pages by kind": counts or ["none"], **self.report}

    def kind(self, item: Item) -> str:
        """Return what the item becomes; a page's own line under [pages] comes before all rules."""
        if item.status in SKIPPED_STATUSES:
            return "skip"
        own = self.rules.get("pages", {})
        if given := own.get(str(item.number)) or own.get(item.path):
            return str(given)
        above = self.items.get(item.parent)
        for text in (item.title, item.name.replace("-", " "), above.title if above else ""):
            for rule in self.rules["rules"]:
                if item.type in rule.get("types", ()):
                    return str(rule["kind"])
                if any(re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE) for word in rule.get("words", ())):
                    return str(rule["kind"])
        return "page"

    def import_page(self, item: Item, kind: str) -> None:
        content = convert(item.content, self.picture)
        title = strip_tags(item.title)[:255] or "Untitled"
        self.note(item, kind, title, content)
        if self.is_dry_run:
            return
        model, index = KINDS[kind]
        parent: Page | None = index.objects.first() if index else self.site.root_page
        if parent is None:
            model, parent = StandardPage, self.site.root_page
            self.report["No list for them yet: made as plain pages"].append(title)
        if kind == "archive":
            parent = self.archive()
        blocks = content.blocks
        if content.dead_forms and not model.shows_enquiry_form:
            blocks = [*blocks, ("button", {"text": "Send an enquiry", "form": "other"})]
        thumbnail = self.items.get(int(item.meta.get("_thumbnail_id") or 0))
        values = {
            "title": title,
            "introduction": " ".join(strip_tags(item.excerpt).split())[:300],
            "search_description": item.meta.get("_yoast_wpseo_metadesc", ""),
            "lead_image": self.picture(thumbnail.file_url) if thumbnail else None,
            "body": blocks,
        }
        fingerprint = sha256(repr([(name, str(value)) for name, value in sorted(values.items())]).encode()).hexdigest()
        record, is_new = ImportedItem.objects.get_or_create(host=self.host, number=item.number)
        page = self.add(model, parent, item, values) if is_new else self.changed(record, title, fingerprint)
        if page:
            for name, value in values.items():
                setattr(page, name, value)
            record.page, record.fingerprint = page, fingerprint
            record.revision = page.save_revision(clean=False).pk
            record.save()
            self.redirect(item, page)

    def add(self, model: type[BasePage], parent: Page, item: Item, values: dict[str, Any]) -> BasePage:
        slug = slugify(item.name) or slugify(values["title"])
        taken = parent.get_children().filter(slug=slug).exists()
        page = model(title=values["title"], slug="" if taken else slug, live=False)
        page.draft_title = values["title"]
        parent.add_child(instance=page)
        log(page, ACTION, data={"address": item.path, "author": item.author, "date": item.date})
        return page

    def changed(self, record: ImportedItem, title: str, fingerprint: str) -> BasePage | None:
        """Return the page if the export says something new and no one has touched the page since the last import."""
        if record.page is None:
            self.report["Deleted here since the last import: not made again"].append(title)
        elif record.page.live or record.page.latest_revision_id != record.revision:
            self.report["Edited here since the last import: left as they are"].append(title)
        elif record.fingerprint != fingerprint:
            return record.page.specific
        return None

    def archive(self) -> Page:
        home = self.site.root_page
        found = home.get_children().filter(slug="archive").first()
        return found or home.add_child(instance=StandardPage(title="Archive", slug="archive", live=False))

    def note(self, item: Item, kind: str, title: str, content: Content) -> None:
        report = self.report
        self.counts[kind] += 1
        report["What each page becomes"].append(f"{item.number} {item.path} “{title}”: {kind}")
        if content.dead_forms:
            forms = ", ".join(dict.fromkeys(content.dead_forms))
            report["Dead forms, in place of which our form is"].append(f"{title} ({item.path}): {forms}")
        if not content.blocks:
            report["Empty pages"].append(title)
        for name, number in content.unknown.items():
            report["Shortcodes that were taken out"].append(f"{title}: [{name}] × {number}")
        for address in content.missing_pictures:
            report["Missing pictures"].append(f"{title}: {address}")
        for claim in find_claims(content.text) if kind in {"treatment", "condition", "page"} else []:
            words = " ".join(content.text[claim.start : claim.end].split())
            report["Words that the advertising standards do not allow"].append(f"{title}: “{words}”")
        self.links += [(title, link) for link in content.links]

    def picture(self, address: str) -> ClinicImage | None:
        """Return the image in the library, made from the file in the media folder; None if there is no such file."""
        names = _name(address), SIZE.sub("", _name(address))  # “room-300x200.jpg” is “room.jpg”
        item = next((self.pictures[name] for name in names if name in self.pictures), None)
        file = next((self.files[name] for name in names if name in self.files), None)
        if file is None:
            return None
        if self.is_dry_run:
            return ClinicImage(pk=0)
        number = item.number if item else -int(sha256(file.name.encode()).hexdigest()[:12], 16)
        record, _ = ImportedItem.objects.get_or_create(host=self.host, number=number)
        if record.image is None:
            try:
                content, extension = normalise(BytesIO(file.read_bytes()))
            except ValidationError as error:
                self.report["Pictures that cannot be used"].append(f"{file.name}: {' '.join(error.messages)}")
                return None
            stored = ImageFile(BytesIO(content), name=f"{PurePath(file.name).stem[:80]}.{extension}")
            description = item.meta.get("_wp_attachment_image_alt", "") if item else ""
            title = (item.title if item else "") or PurePath(file.name).stem
            record.image = ClinicImage.objects.create(title=title[:255], description=description[:255], file=stored)
            record.save()
        return record.image

    def redirect(self, item: Item, page: Page) -> None:
        for address in {item.path, f"/?p={item.number}", f"/?page_id={item.number}"}:
            self.save_redirect(address, page)

    def redirect_the_rest(self) -> None:
        """Lead pictures' own pages to the page they were on, or home, and categories to the archive."""
        if self.is_dry_run:
            return
        for item in self.pictures.values():
            above = ImportedItem.objects.filter(host=self.host, number=item.parent or 0).first()
            for address in {item.path, f"/?attachment_id={item.number}"}:
                self.save_redirect(address, (above and above.page) or self.site.root_page)
        for address in set().union(*(item.lists for item in self.items.values())) if self.counts["archive"] else ():
            self.save_redirect(address, self.archive())

    def save_redirect(self, address: str, page: Page) -> None:
        path = Redirect.normalise_path(address).lower()
        own = Redirect.normalise_path(page.get_url_parts()[2])
        if path in {"", "/", own} or len(path) > LONGEST_PATH or page_at(self.site, path):
            return
        Redirect.objects.get_or_create(old_path=path, site=None, defaults={"redirect_page": page})


def _name(address: str) -> str:
    return PurePath(unquote(urlsplit(address).path)).name.lower()

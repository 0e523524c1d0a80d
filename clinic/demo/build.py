"""Builds the demo clinic, and removes it: exactly what was made, except what an editor has changed or uses.

Existing pages, pictures and details are left alone, so running it twice changes nothing.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.management.base import CommandError
from django.db import models, transaction
from django.forms.models import model_to_dict
from modelcluster.models import get_all_child_relations
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex, Site

from clinic.demo import words
from clinic.images import renditions
from clinic.models import ClinicDetails, ClinicImage, DemoRecord, HomePage, PractitionerPage, SearchWords
from clinic.seo.redirects import page_at

# Name → role. The README and `make run` print the names.
USERS = {"manager": "Managers", "physio": "Physiotherapists", "physio2": "Physiotherapists", "reception": "Reception"}
# Who can sign pages off as whom, the second what the first has written; the sign-off is marked as a sample's.
SIGNS_AS = {"physio": "alex-demo", "physio2": "jo-example"}
OLD_ADDRESSES = Path(__file__).resolve().parents[2] / "docs/old-addresses.csv"
PASSWORD = "fireweed-demo"  # noqa: S105  public on purpose: only users of `make run` have it


def home_page() -> HomePage:
    """Return the home page of the default site, which a migration made. Raises `CommandError` if there is none."""
    home = HomePage.objects.filter(sites_rooted_here__is_default_site=True).first()
    if home is None:
        raise CommandError(
            "The site has no home page: sign in at /admin/ as an administrator, add one under Pages, at the very top, "
            "and name it under Settings → Sites as the root page of the default site."
        )
    return home


def is_empty() -> bool:
    return not home_page().get_children().exists()


class Demo:
    def __init__(self) -> None:
        self.home = home_page()
        self.site = Site.objects.get(is_default_site=True)
        self.pages = words.read_pages()
        self.pictures = words.read_pictures()

    def load(self, *, with_users: bool) -> Iterator[None]:
        """Make what is missing, step by step: one for each picture and two for each page."""
        for name, picture in self.pictures.items():
            self.make_picture(name, **picture)
            yield
        with transaction.atomic():
            new = []
            for data in self.pages:
                new += [data] if self.make_page(data) else []
                yield
            for data in self.pages:
                if data in new:
                    self.fill_page(data)
                yield
            self.make_settings()
            self.make_redirects()
            if with_users:
                self.make_users()
        renditions.make_all()

    # Finding

    def url_path(self, path: str) -> str:
        return self.home.url_path + path.removeprefix("/")

    def find(self, kind: str, name: str) -> int:
        """Return the id of the page with this path or of the demo's picture with this name; `KeyError` if none."""
        if kind == "picture":
            pk = DemoRecord.objects.filter(key=f"picture:{name}").values_list("object_id", flat=True).first()
        else:
            pk = Page.objects.filter(url_path=self.url_path(name)).values_list("pk", flat=True).first()
        if pk is None:
            raise KeyError(f"There is no {kind} “{name}” in the demo.")
        return int(pk)

    # Making

    def make_picture(self, name: str, description: str, focal_point: list[int]) -> None:
        if made(f"picture:{name}"):
            return
        x, y, width, height = focal_point
        image = ClinicImage(
            title=name.replace("-", " ").capitalize(),
            description=description,
            file=File((words.PICTURES / f"{name}.jpg").open("rb"), name=f"{name}.jpg"),
            focal_point_x=x,
            focal_point_y=y,
            focal_point_width=width,
            focal_point_height=height,
        )
        with image.file.file:
            image.save()
        record(f"picture:{name}", image)

    def make_page(self, data: dict[str, Any]) -> bool:
        """Make a draft of the page, so that others can refer to it; return whether to fill in the rest."""
        if made(f"page:{data['path']}"):
            return False
        if data["path"] == "/" and not reason_to_keep(self.home, is_only_filled=True):
            record("page:/", self.home, before=self.home.serializable_data())
            return True
        if Page.objects.filter(url_path=self.url_path(data["path"])).exists():
            return False  # an editor's own page has this address
        parent_path, slug = data["path"].rstrip("/").rsplit("/", 1)
        parent = Page.objects.get(url_path=self.url_path(f"{parent_path}/"))
        model = apps.get_model(data["type"])
        page = model(slug=slug, title=data["title"], live=False)
        parent.add_child(instance=page)
        record(f"page:{data['path']}", page)
        return True

    def fill_page(self, data: dict[str, Any]) -> None:
        model = apps.get_model(data["type"])
        page = model.objects.get(pk=self.find("page", data["path"]))
        values = words.resolved(data, self.find)
        for relation in get_all_child_relations(model):
            for number, row in enumerate(values.get(relation.get_accessor_name(), ())):
                row |= {"pk": None, "sort_order": number}
        page = model.from_serializable_data(page.serializable_data() | values | {"path": page.path})
        page.full_clean()
        if sign_as_sample := getattr(page, "sign_as_sample", None):
            sign_as_sample()
        page.save()
        page.save_revision(log_action=True).publish()

    def make_settings(self) -> None:
        for model, values in ((ClinicDetails, "details"), (SearchWords, "search_words")):
            if made(values):
                continue
            settings = model.for_site(self.site)
            record(values, settings, before=model_to_dict(settings))
            for name, value in words.resolved(words.read_clinic()[values], self.find).items():
                column = model._meta.get_field(name).attname
                if getattr(settings, column) == getattr(model(), column):  # not what an editor entered
                    setattr(settings, column, value)
            settings.full_clean()
            settings.save()

    def make_redirects(self) -> None:
        for row in csv.DictReader(OLD_ADDRESSES.read_text("utf-8").splitlines()):
            old_path, new = Redirect.normalise_path(row["old"]), row["new"]
            key = f"redirect:{old_path}"
            if not made(key) and not Redirect.objects.filter(old_path=old_path).exists():
                record(key, Redirect.add_redirect(old_path, page_at(self.site, new) or new))

    def make_users(self) -> None:
        for name, role in USERS.items():
            if made(f"user:{name}") or User.objects.filter(username=name).exists():
                continue
            user = User.objects.create_user(name, f"{name}@fireweed.example.org", PASSWORD)
            user.groups.add(Group.objects.get(name=role))
            record(f"user:{name}", user)
            if name in SIGNS_AS and (person := PractitionerPage.objects.filter(slug=SIGNS_AS[name]).first()):
                person.user = user
                person.save_revision().publish()


def made(key: str) -> bool:
    """Return whether the demo made this before; what an editor has deleted since is not made again."""
    return DemoRecord.objects.filter(key=key).exists()


def record(key: str, thing: models.Model, before: dict[str, Any] | None = None) -> None:
    content_type = ContentType.objects.get_for_model(thing)
    DemoRecord.objects.create(key=key, content_type=content_type, object_id=thing.pk, before=before)


def flush() -> Iterator[str]:
    """Remove what the demo made and restore what it filled in; yield for each thing why it stays, or nothing."""
    settings = words.read_clinic()
    with transaction.atomic():
        # Its users are removed first, so that their edits do not count as an editor's work; the settings last, when
        # their references to the demo's pages are empty.
        for record in sorted(DemoRecord.objects.order_by("-pk"), key=lambda record: record.key in settings):
            thing, stays = record.made, ""
            if thing is None:
                pass  # already deleted by an editor
            elif reason := reason_to_keep(thing, is_only_filled=record.before is not None):
                stays = f"{record.key} stays: {reason}."
            elif record.before is None:
                thing.delete()
            elif isinstance(thing, Page):
                thing.with_content_json(record.before).save_revision().publish()
            elif changed := restore(thing, record.before, settings[record.key]):
                stays = f"{record.key} keeps what was changed: {', '.join(changed)}."
            record.delete()
            yield stays


def reason_to_keep(thing: models.Model, *, is_only_filled: bool) -> str:
    """Return why something must stay because of an editor's own work; empty if it can be removed."""
    if isinstance(thing, Page):
        if thing.latest_revision and thing.latest_revision.user_id:
            return "it was edited"
        if not is_only_filled and thing.get_children().exists():
            return "pages below it stay"
    if isinstance(thing, ClinicImage) and ReferenceIndex.get_references_to(thing).exists():
        return "a page uses it"
    return ""


def restore(settings: models.Model, before: dict[str, Any], demo: dict[str, Any]) -> list[str]:
    """Set the fields to their values from before the demo; return the names of those changed since."""
    changed = []
    for field in settings._meta.concrete_fields:
        value = getattr(settings, field.attname)
        as_set = demo.get(field.name)
        as_set = as_set.strip() if isinstance(as_set, str) else as_set
        # A reference to one of the demo's pages was emptied when the page was deleted.
        is_the_demos = value is None if field.is_relation else value == as_set
        if field.name in before and is_the_demos:
            setattr(settings, field.attname, before[field.name])
        elif field.name in demo:
            changed.append(str(field.verbose_name))
    settings.save()
    return changed

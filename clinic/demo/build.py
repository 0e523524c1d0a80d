"""Builds the demo clinic. What is there already stays as it is, so that running it twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.forms.models import model_to_dict
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from clinic.demo import words
from clinic.demo.pictures import PICTURES, jpeg
from clinic.images.renditions import make_for_page, make_renditions, usual_shapes
from clinic.models import BasePage, ClinicDetails, ClinicImage, DemoRecord, HomePage, SearchWords
from clinic.seo.redirects import made_from, read_table

# Name → role. The names are also what the README and `make run` print.
USERS = {"manager": "Managers", "physio": "Physiotherapists", "reception": "Reception"}
OLD_ADDRESSES = Path(__file__).resolve().parents[2] / "docs/old-addresses.csv"
PASSWORD = "fireweed-demo"  # noqa: S105 (known on purpose, and given to users only under DEBUG)

Tell = Callable[[str], None]


class NoHomePageError(LookupError):
    """The default site begins with no home page, or there is no default site; the text says what to do."""


def home_page() -> HomePage:
    """Return the home page of the default site; migrations made it. Raises `NoHomePageError`."""
    home = HomePage.objects.filter(sites_rooted_here__is_default_site=True).first()
    if home is None:
        raise NoHomePageError(
            "The site has no home page: sign in at /admin/ as an administrator, add one under Pages, at the very top, "
            "and name it under Settings → Sites as the root page of the default site."
        )
    return home


def is_empty() -> bool:
    """Say whether the site has no page below its home page yet."""
    return not home_page().get_children().exists()


class Demo:
    """One loading of the demo."""

    def __init__(self) -> None:
        self.home = home_page()
        self.pages = words.read_pages()

    @property
    def steps(self) -> int:
        return len(PICTURES) + 2 * len(self.pages) + 3

    def load(self, *, with_users: bool, tell: Tell) -> None:
        """Make what is missing; `tell` is called with a word for each of the `steps`."""
        for name in PICTURES:
            tell(f"picture {name}")
            self.make_picture(name)
        with transaction.atomic():
            new = []
            for data in self.pages:
                tell(data["path"])
                if self.make_page(data):
                    new.append(data)
            for data in self.pages:
                tell(data["path"])
                if data in new:
                    self.fill_page(data)
            tell("clinic details")
            self.make_settings()
            tell("old addresses")
            self.make_redirects()
            tell("people who sign in")
            if with_users:
                self.make_users()
        for page in Page.objects.live().specific():
            if isinstance(page, BasePage):
                make_for_page(page)

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

    def make_picture(self, name: str) -> None:
        if made(f"picture:{name}"):
            return
        drawn = PICTURES[name]
        focal_point = dict(
            zip(
                ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
                drawn.focal_point or (None,) * 4,
                strict=True,
            )
        )
        image = ClinicImage(title=name.replace("-", " ").capitalize(), description=drawn.description, **focal_point)
        image.file = ContentFile(jpeg(name), name=f"{name}.jpg")
        image.save()
        make_renditions(image, *usual_shapes(image))
        record(f"picture:{name}", image)

    def make_page(self, data: dict[str, Any]) -> bool:
        """Make the page with its plain words, so that others can refer to it; return whether it is to be filled."""
        if made(f"page:{data['path']}"):
            return False
        if data["path"] == "/":
            record("page:/", self.home, before=self.home.serializable_data())
            return True
        existing = Page.objects.filter(url_path=self.url_path(data["path"]))
        if existing.exists():
            return False  # an editor's own page stands there
        parent_path, slug = data["path"].rstrip("/").rsplit("/", 1)
        parent = Page.objects.get(url_path=self.url_path(f"{parent_path}/"))
        model = apps.get_model(data["type"])
        page = model(slug=slug, **words.plain_values(model, words.content(data)))
        parent.add_child(instance=page)
        record(f"page:{data['path']}", page)
        return True

    def fill_page(self, data: dict[str, Any]) -> None:
        model = apps.get_model(data["type"])
        page = model.objects.get(pk=self.find("page", data["path"]))
        for name, value in words.field_values(model, words.content(data), self.find).items():
            setattr(page, name, value)
        page.full_clean()
        page.save_revision(log_action=True).publish()

    def make_settings(self) -> None:
        site = Site.objects.get(is_default_site=True)
        for model, values in ((ClinicDetails, "details"), (SearchWords, "search_words")):
            if made(values):
                continue
            settings = model.for_site(site)
            record(values, settings, before=model_to_dict(settings))
            for name, value in words.field_values(model, words.read_clinic()[values], self.find).items():
                setattr(settings, name, value)
            settings.full_clean()
            settings.save()

    def make_redirects(self) -> None:
        site = Site.objects.select_related("root_page").get(is_default_site=True)
        with OLD_ADDRESSES.open(encoding="utf-8", newline="") as lines:
            for _number, old, new in read_table(lines):
                if made(f"redirect:{old}") or Redirect.objects.filter(old_path=Redirect.normalise_path(old)).exists():
                    continue
                try:
                    redirect = made_from(old, new, site)
                except ValueError:
                    continue  # an editor's page stands at the old address, or none at the new one
                redirect.save()
                record(f"redirect:{old}", redirect)

    def make_users(self) -> None:
        user_model = get_user_model()
        for name, role in USERS.items():
            if made(f"user:{name}") or user_model.objects.filter(username=name).exists():
                continue
            user = user_model.objects.create_user(name, f"{name}@fireweed.example.org", PASSWORD)
            user.groups.add(Group.objects.get(name=role))
            record(f"user:{name}", user)


def made(key: str) -> bool:
    """Say whether the demo has made this; what an editor has deleted since is not made again."""
    return DemoRecord.objects.filter(key=key).exists()


def record(key: str, thing: models.Model, before: dict[str, Any] | None = None) -> None:
    content_type = ContentType.objects.get_for_model(thing)
    DemoRecord.objects.create(key=key, content_type=content_type, object_id=thing.pk, before=before)

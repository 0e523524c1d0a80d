"""Which changes make a new content version, and which remove the pages on disk."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from clinic.images.renditions import make_renditions
from clinic.models import (
    ClinicDetails,
    ClinicImage,
    Closure,
    ContentVersion,
    FeaturedPage,
    LocationPage,
    SearchWords,
    StandardPage,
)
from tests import factories
from tests.contact.factories import make_enquiry
from tests.edit_form import answers_of


def about() -> StandardPage:
    return StandardPage.objects.get(slug="about")


def location() -> LocationPage:
    return LocationPage.objects.get()


def publish(page: Page, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


def christmas() -> Closure:
    return Closure(first_day=date(2026, 12, 25), last_day=date(2026, 12, 26), reason="Christmas")


PUBLIC: dict[str, Callable[[], object]] = {
    "a page is published": lambda: publish(about(), title="About all of us"),
    "a page is unpublished": lambda: about().unpublish(),
    # Wagtail unpublishes a page that was never published through a revision until its time comes.
    "a page is taken off until tomorrow": lambda: publish(about(), go_live_at=timezone.now() + timedelta(days=1)),
    "a page is deleted": lambda: about().delete(),
    "a page is moved": lambda: about().move(Page.objects.get(slug="fees"), pos="last-child"),
    "a page's address changes": lambda: publish(about(), slug="about-us"),
    "a closure is entered": lambda: publish(location(), closures=[christmas()]),
    "a card is put on the home page": lambda: FeaturedPage.objects.create(home=factories.home_page(), page=about()),
    "the phone number changes": lambda: ClinicDetails.for_site(Site.objects.get()).save(),
    "a synonym is added": lambda: SearchWords.for_site(Site.objects.get()).save(),
    "a picture's sizes are ready": lambda: make_renditions(ClinicImage.objects.get(), "card"),
    "a picture is added": factories.make_image,
    "a picture is deleted": lambda: ClinicImage.objects.get().delete(),
    "a redirect is added": lambda: Redirect.objects.create(old_path="/old", redirect_link="/about/"),
    "the site's address changes": lambda: Site.objects.get().save(),
}


def new_draft() -> None:
    page = LocationPage(title="Dawson", street="2 Sample Street", live=False, slug="dawson")
    page.closures.set([christmas()])
    location().get_parent().add_child(instance=page)
    page.save_revision()


NOT_PUBLIC: dict[str, Callable[[], object]] = {
    "a draft is saved": lambda: about().save_revision(),
    "a page is begun as a draft": new_draft,
    "a draft is deleted": lambda: Page.objects.get(slug="draft").delete(),
    "a page is locked": lambda: about().save(update_fields=["locked", "locked_at"]),
    "an enquiry comes": make_enquiry,
    "an editor's list shows a small picture": lambda: ClinicImage.objects.get().get_rendition("max-16x16"),
}


@pytest.fixture
def clinic(db: None) -> None:
    factories.make_image()
    factories.make_standard("About")
    factories.make_fees_page()
    factories.add_hours(factories.make_location(), 0)
    factories.add(StandardPage(title="Draft", live=False))
    connection.run_on_commit.clear()


def has_new_version(change: Callable[[], object], committing: DjangoCaptureOnCommitCallbacks) -> bool:
    before = ContentVersion.current()
    with committing(execute=True):
        change()
    return ContentVersion.current() != before


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize(
    ("change", "is_public"),
    [*((change, True) for change in PUBLIC.values()), *((change, False) for change in NOT_PUBLIC.values())],
    ids=[*PUBLIC, *NOT_PUBLIC],
)
def test_a_change_that_visitors_see_makes_a_new_version(
    change: Callable[[], object], is_public: bool, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert has_new_version(change, django_capture_on_commit_callbacks) is is_public


@pytest.mark.usefixtures("clinic")
def test_only_unpublishing_a_new_page_removes_the_pages_on_disk(
    admin_client: Client,
    tmp_path: Path,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.PAGE_COPIES_DIR = tmp_path
    saved = tmp_path / "home.page"
    saved.touch()
    page = Page.objects.get(slug="draft")
    edit = f"/admin/pages/{page.pk}/edit/"
    # As the editor's script saves twice a second while someone types.
    automatically = {"accept": "application/json", "x-requested-with": "fetch"}

    def save(headers: Any = None, **answers: str) -> None:
        form = answers_of(admin_client.get(edit).context["form"])
        response = admin_client.post(edit, form | answers, headers=headers)
        assert response.status_code == 302 or response.json()["success"]

    steps: list[tuple[Callable[[], object], bool, bool]] = [
        (lambda: save(title="A draft"), False, True),
        (lambda: save(automatically, title="A longer draft"), False, True),
        (lambda: save(**{"action-publish": "1"}), True, True),
        (lambda: admin_client.post(f"/admin/pages/{page.pk}/unpublish/"), True, False),
    ]
    for step, is_new, is_saved in steps:
        assert has_new_version(step, django_capture_on_commit_callbacks) is is_new
        assert saved.exists() is is_saved

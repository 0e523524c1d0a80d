from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings
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
from clinic.page_cache.invalidation import EXPIRES_AT, earliest_expiry, expires_at
from tests import factories
from tests.clinic.page_cache.cached_site import CachedSite
from tests.contact.factories import make_enquiry
from tests.edit_form import answers_of


def about() -> StandardPage:
    return StandardPage.objects.get(slug="about")


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
    "a closure is entered": lambda: publish(LocationPage.objects.get(), closures=[christmas()]),
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
    LocationPage.objects.get().get_parent().add_child(instance=page)
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
@pytest.mark.parametrize("change", [*PUBLIC, *NOT_PUBLIC])
def test_a_change_that_visitors_see_makes_a_new_version(
    change: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make = (PUBLIC | NOT_PUBLIC)[change]
    assert has_new_version(make, django_capture_on_commit_callbacks) is (change in PUBLIC)


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

    def has_changed(step: Callable[[], object]) -> tuple[bool, bool]:
        return has_new_version(step, django_capture_on_commit_callbacks), not saved.exists()

    assert has_changed(lambda: save(title="A draft")) == (False, False)
    assert has_changed(lambda: save(automatically, title="A longer draft")) == (False, False)
    assert has_changed(lambda: save(**{"action-publish": "1"})) == (True, False)
    assert has_changed(lambda: admin_client.post(f"/admin/pages/{page.pk}/unpublish/")) == (True, True)


WHITEHORSE = ZoneInfo("America/Whitehorse")


def at(hour: int, minute: int = 0, day: int = 5) -> datetime:
    """A moment on Monday 5 January 2026 or a day after it."""
    return datetime(2026, 1, day, hour, minute, tzinfo=WHITEHORSE)


def test_every_page_expires_at_midnight_in_whitehorse_or_at_the_earliest_moment_that_it_names() -> None:
    assert earliest_expiry({}, at(23, 59)) == at(0, day=6)
    assert earliest_expiry({}, at(0, day=6)) == at(0, day=7)
    request = RequestFactory().get("/")
    for moment in (at(17), at(12), None, at(13)):
        expires_at(request, moment)
    expires_at(None, at(8))
    assert earliest_expiry(request.META, at(9)) == at(12)


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "end"), [(at(8), at(9)), (at(9), at(17)), (at(18), at(0, day=6))])
def test_only_pages_that_say_whether_the_clinic_is_open_expire_when_that_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch, now: datetime, end: datetime
) -> None:
    location = factories.make_location()
    factories.add_hours(location, 0)
    details = ClinicDetails.for_site(location.get_site())
    details.main_location = location
    details.save()
    monkeypatch.setattr("clinic.templatetags.clinic_tags.timezone.now", lambda: now)
    for address in ("/", location.url):
        response = client.get(address)
        assert set(response.wsgi_request.META[EXPIRES_AT]) == {end}, address
    assert EXPIRES_AT not in client.get(factories.make_standard().url).wsgi_request.META


def test_a_published_change_is_visible_a_second_later(cached: CachedSite) -> None:
    page = factories.make_standard("About")
    cached.later()
    assert cached.get("/about/").status == 200
    page.title = "About all of us"
    page.save_revision().publish()
    cached.later(0.99)
    assert "About all of us" not in cached.get("/about/").text
    cached.later(0.01)
    assert "About all of us" in cached.get("/about/").text


def test_the_version_is_read_once_a_second_and_never_while_no_one_visits(
    cached: CachedSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cached.get()
    cached.later(3600)
    with django_assert_num_queries(1):
        for _ in range(20):
            cached.get()


@pytest.mark.usefixtures("cached")
def test_a_page_stays_published_when_there_can_be_no_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.make_standard("About")
    monkeypatch.setattr(ContentVersion, "renew", Mock(side_effect=OperationalError("database is locked")))
    with pytest.raises(OperationalError):
        page.unpublish()
    page.refresh_from_db()
    assert page.live


def test_another_address_of_the_home_page_is_visible_in_every_process(cached: CachedSite, monkeypatch: Any) -> None:
    """Wagtail caches the sites' roots in each process, and clears only the cache of the process with the change."""
    factories.make_standard("About", show_in_menus=True)
    assert 'href="/about/"' in cached.get().text
    with monkeypatch.context() as another_process:
        another_process.setattr(Site, "clear_site_root_paths_cache", lambda: None)
        home = factories.home_page()
        home.slug = "start"
        home.save()
    cached.later()
    assert 'href="/about/"' in cached.get().text

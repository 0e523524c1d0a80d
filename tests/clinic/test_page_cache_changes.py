"""What visitors see anew after a change, and what empties nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import GroupApprovalTask, Page, Site, TaskState, Workflow, WorkflowState, WorkflowTask

from clinic.images.renditions import make_renditions
from clinic.models import ClinicDetails, Closure, ContentVersion, FeaturedPage, LocationPage, SearchWords, StandardPage
from clinic.page_cache.changes import _forget_copies, _renewed
from tests import factories
from tests.contact.factories import make_enquiry

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoCaptureOnCommitCallbacks

ROOT = Path(__file__).resolve().parents[2]


def about() -> StandardPage:
    return StandardPage.objects.get(slug="about")


def site() -> Site:
    return Site.objects.get(is_default_site=True)


def location() -> LocationPage:
    return LocationPage.objects.get()


def publish() -> None:
    page = about()
    page.title = "About all of us"
    page.save_revision().publish()


def move() -> None:
    about().move(Page.objects.get(slug="fees"), pos="last-child")


def reorder() -> None:
    about().move(Page.objects.get(slug="fees"), pos="right")


def change_slug() -> None:
    page = about()
    page.slug = "about-us"
    page.save_revision().publish()


def close_for_christmas() -> None:
    page = location()
    page.closures = [Closure(first_day=date(2026, 12, 25), last_day=date(2026, 12, 26), reason="Christmas")]
    page.save_revision().publish()


def approve() -> None:
    """Publish by a workflow of one task, as a manager does."""
    page = about()
    person = factories.make_person("Managers")
    task = GroupApprovalTask.objects.create(name="Read it")
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    page.title = "About, approved"
    page.save_revision()
    workflow.start(page, person)
    state = TaskState.objects.get()
    state.approve(user=person)
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED


def new_image() -> None:
    factories.make_image()


def schedule() -> None:
    """Wagtail takes a page off that is live without ever having been published, until its time comes."""
    page = about()
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision().publish()
    assert not about().live


SEEN: dict[str, Callable[[], object]] = {
    "a page is published": publish,
    "a page is published by a workflow": approve,
    "a page is unpublished": lambda: about().unpublish(),
    "a page is taken off until tomorrow": schedule,
    "a page is deleted": lambda: about().delete(),
    "a page is moved": move,
    "the menu's order changes": reorder,
    "a page's address changes": change_slug,
    "a page is made and published at once": lambda: factories.make_standard("New"),
    "a closure is entered": close_for_christmas,
    "hours are entered by a program": lambda: factories.add_hours(location(), 2),
    "hours are deleted by a program": lambda: location().hours.get().delete(),
    "a card is put on the home page": lambda: FeaturedPage.objects.create(home=factories.home_page(), page=about()),
    "the phone number changes": lambda: ClinicDetails.for_site(site()).save(),
    "a synonym is added": lambda: SearchWords.for_site(site()).save(),
    "a picture is added": new_image,
    "a document changes": lambda: Document.objects.create(title="Form", file=ContentFile(b"x", "form.pdf")),
    "a redirect is added": lambda: Redirect.objects.create(old_path="/old", redirect_link="/about/"),
    "the site's address changes": lambda: site().save(),
}


def save_draft() -> None:
    page = about()
    page.title = "About all of us, perhaps"
    page.save_revision()


def new_draft() -> None:
    page = LocationPage(title="Dawson", street="2 Sample Street", live=False, slug="dawson")
    page.closures = [Closure(first_day=date(2026, 12, 25), last_day=date(2026, 12, 26), reason="Christmas")]
    location().get_parent().add_child(instance=page)
    page.save_revision()


def lock() -> None:
    page = about()
    page.locked = True
    page.save(update_fields=["locked"])


UNSEEN: dict[str, Callable[[], object]] = {
    "a draft is saved": save_draft,
    "a page is begun as a draft": new_draft,
    "a draft is deleted": lambda: Page.objects.get(slug="draft").delete(),
    "a page is locked": lock,
    "an enquiry comes": make_enquiry,
    "somebody signs in": lambda: Session.objects.create(session_key="x", expire_date=timezone.now()),
    "somebody gets an account": lambda: User.objects.create_user("somebody"),
}


@pytest.fixture
def clinic(db: None) -> None:
    factories.make_standard("About")
    factories.make_fees_page()
    factories.add_hours(factories.make_location(), 0)
    factories.add(StandardPage(title="Draft", live=False))
    connection.run_on_commit.clear()  # what was built here waits for no commit


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN.keys())
def test_visitors_see_the_site_anew_when(
    change: Callable[[], object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        change()
    assert ContentVersion.current() != before
    assert len([work for work in callbacks if work in {_renewed, _forget_copies}]) <= 2


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize("change", UNSEEN.values(), ids=UNSEEN.keys())
def test_no_page_is_drawn_anew_because(
    change: Callable[[], object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        change()
    assert ContentVersion.current() == before


@pytest.mark.usefixtures("clinic")
def test_a_picture_drawn_smaller_for_an_editors_list_empties_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    image = factories.make_image()
    connection.run_on_commit.clear()
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        image.get_rendition("max-16x16")
    assert ContentVersion.current() == before


@pytest.mark.usefixtures("clinic")
def test_pages_are_drawn_anew_when_a_pictures_sizes_are_ready(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    image = factories.make_image()
    connection.run_on_commit.clear()
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        assert make_renditions(image, "card")
    assert ContentVersion.current() != before


def test_the_row_says_its_version() -> None:
    assert str(ContentVersion(token="abc")) == "abc"

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail import hooks
from wagtail.models import Page

from clinic.admin import dashboard
from contact.models import DeskSettings, Enquiry
from tests import factories
from tests.contact.factories import make_enquiry

pytestmark = pytest.mark.django_db
CALM = "Nothing right now."


@pytest.fixture(autouse=True)
def warning_signs_reviewed(db: None) -> None:
    """What they ask for is tested beside the review."""
    desk = DeskSettings.load()
    desk.red_flags_owner = factories.make_practitioner()
    desk.red_flags_reviewed_on = timezone.localdate()
    desk.save()


def panel(client: Client, person: User) -> str:
    client.force_login(person)
    html = client.get(reverse("wagtailadmin_home")).text
    found = re.search(r'<section[^>]*id="attention-section".*?</section>', html, re.DOTALL)
    assert found
    return found[0]


def all_items(person: User) -> list[dashboard.DashboardItem]:
    return [item for items_for in hooks.get_hooks(dashboard.HOOK) for item in items_for(person)]


def change(page: Page, person: User) -> None:
    page.draft_title = page.title = f"{page.title} anew"
    page.save_revision(user=person)


def test_a_submitted_page_waits_for_the_manager_and_sent_back_first_for_its_writer_with_the_managers_words(
    client: Client, physio: User, manager: User
) -> None:
    page = factories.make_standard("Fees")
    change(page, physio)
    state = page.get_workflow().start(page, physio)
    assert CALM in panel(client, physio)
    assert "Waiting for your approval, submitted by physiotherapists" in panel(client, manager)
    assert "Awaiting your review" not in client.get(reverse("wagtailadmin_home")).text
    factories.make_service("Late", review_due=timezone.localdate())
    state.current_task_state.reject(user=manager, comment="Add <the> fee for children.")
    shown = panel(client, physio)
    assert shown.index("Fees anew") < shown.index("Late")
    assert f"{manager} asks for changes: “Add &lt;the&gt; fee for children.”" in shown
    assert shown.count("Fees anew") == 1
    assert "Fees anew" not in panel(client, manager)


def test_reviews_that_are_overdue_or_due_soon_are_listed_oldest_first(client: Client, physio: User) -> None:
    today, robin = timezone.localdate(), factories.make_practitioner("Jo Example")
    factories.make_service("Soon", reviewed_by=robin, review_due=today + timedelta(days=60))
    factories.make_condition("Late", reviewed_by=robin, review_due=today - timedelta(days=1))
    factories.make_service("Later", reviewed_by=robin, review_due=today + timedelta(days=61))
    factories.make_service("Draft", reviewed_by=robin, review_due=today, live=False)
    shown = panel(client, physio)
    assert shown.index("Late") < shown.index("was due on") < shown.index("Soon") < shown.index("is due on")
    assert "Later" not in shown
    assert "Draft" not in shown


def test_whoever_may_see_enquiries_sees_how_many_wait(client: Client, physio: User, manager: User) -> None:
    make_enquiry(name="Sam Sample")
    make_enquiry(name="Kim Sample", email="kim@example.org")
    Enquiry.objects.update(due_at=timezone.now() - timedelta(hours=1))
    shown = panel(client, manager)
    assert "2 enquiries" in shown
    assert "2 past the promised time" in shown
    assert reverse("admin:index") in shown
    assert "Sample" not in shown
    assert CALM in panel(client, physio)


def test_many_pages_take_no_more_queries_than_few_and_who_may_edit_none_sees_none(
    manager: User, receptionist: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(dashboard.MOST + 2):
        page = factories.make_standard(f"Page {number}")
        change(page, manager)
        factories.make_service(f"Service {number}", review_due=timezone.localdate())
    change(page, receptionist)
    assert all_items(receptionist) == []
    make_enquiry()
    manager = User.objects.get(pk=manager.pk)
    with django_assert_max_num_queries(22):
        found = all_items(manager)
    assert len(found) == dashboard.MOST + 1

"""What pages share in memory is as new as the page itself: for visitors, editors, previews and each site."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from clinic.models import Announcements, ClinicDetails, ClinicImage, HomePage, PractitionerPage, StandardPage
from services.models import ConditionPage, Fee, ServiceCondition, ServicePage, ServicePractitioner
from tests import factories
from tests.another_process import ROOT, environment
from tests.clinic.page_cache_world import database_lost

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

IMS = "/services/ims-and-dry-needling/"


@pytest.fixture(autouse=True)
def _clinic() -> None:
    factories.make_clinic()


def shown(address: str = IMS, **environ: Any) -> str:
    response = Client().get(address, **environ)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def rename_the_clinic() -> None:
    details = ClinicDetails.objects.get()
    details.name = "Willow Physiotherapy"
    details.save()


def put_a_page_into_the_menu() -> None:
    factories.make_standard("Willow", show_in_menus=True)


def rename_a_person() -> None:
    person = PractitionerPage.objects.get()
    person.title = "Willow"
    person.save_revision().publish()


def describe_a_picture() -> None:
    image = ClinicImage.objects.get()
    image.description = "A willow"
    image.save()


def put_up_a_notice() -> None:
    now = timezone.now()
    when = {"starts": now - timedelta(hours=1), "ends": now + timedelta(hours=1)}
    setting = Announcements.for_site(Site.objects.get())
    setting.announcements = [("announcement", {"text": "Willow", "level": "info", "page": None, **when})]
    setting.save()


def move_the_linked_page() -> None:
    condition = ConditionPage.objects.get()
    condition.slug = "willow"
    condition.save_revision().publish()


def link_another_condition() -> None:
    willow = factories.make_condition("Willow wrist")
    page = ServicePage.objects.get()
    page.condition_links.add(ServiceCondition(condition=willow))
    page.save_revision().publish()


def raise_a_fee() -> None:
    page = ServicePage.objects.get()
    page.fees.add(Fee(visit="Willow visit", amount=130))
    page.save_revision().publish()


CHANGES = [
    rename_the_clinic, put_a_page_into_the_menu, rename_a_person, describe_a_picture, put_up_a_notice,
    move_the_linked_page, link_another_condition, raise_a_fee,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_on_the_next_page_that_is_drawn(change: Callable[[], None]) -> None:
    assert "illow" not in shown()

    def change_and_leave() -> None:
        change()
        connection.close()

    # From a thread as from another process: it shares no request and no connection with who draws pages.
    elsewhere = Thread(target=change_and_leave)
    elsewhere.start()
    elsewhere.join()
    assert "illow" in shown()


def test_a_page_published_on_time_by_another_process_is_in_the_menu() -> None:
    page = StandardPage.objects.get()
    assert "From today" not in shown()
    page.title = "From today"
    revision = page.save_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
    revision.save()
    command = [sys.executable, "manage.py", "publish_scheduled"]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)
    assert "From today" in shown()


def test_what_is_unpublished_is_gone_from_every_page() -> None:
    assert shown().count("Robin Sample") > 1
    PractitionerPage.objects.get().unpublish()
    assert 'href="/team/robin-sample/"' not in shown()
    StandardPage.objects.get().unpublish()
    assert "About us" not in shown()


def test_a_preview_shows_the_draft_and_leaves_nothing_behind() -> None:
    kim = factories.make_practitioner("Kim Sample")
    page = ServicePage.objects.get()
    before = shown()
    page.title = "A draft"
    draft: Any = page
    draft.practitioner_links = [ServicePractitioner(practitioner=kim)]
    draft.fees = []
    preview = page.make_preview_request().content.decode()
    assert "<h1>A draft</h1>" in preview
    assert "Kim Sample" in preview
    assert "$120" not in preview
    page.save_revision()
    assert shown() == before


def test_an_editor_sees_what_everybody_sees_and_the_bar() -> None:
    shown()
    editor = Client()
    editor.force_login(factories.make_person("Managers"))
    put_a_page_into_the_menu()
    page = editor.get(IMS).content.decode()
    assert "Willow" in page
    assert "wagtail-userbar" in page
    assert "wagtail-userbar" not in shown()


def test_each_site_has_its_own_menu_and_details() -> None:
    root = Page.objects.get(depth=1)
    other = root.add_child(instance=HomePage(title="Dawson", slug="dawson", headline="Dawson"))
    site = Site.objects.create(hostname="localhost", root_page=other)
    ClinicDetails.objects.create(site=site, name="Dawson Physiotherapy")
    factories.make_standard("Ferry", parent=other, show_in_menus=True)
    for _time in range(2):
        ours, theirs = shown("/"), shown("/", HTTP_HOST="localhost")
        assert "About us" in ours
        assert "Ferry" not in ours
        assert "Ferry" in theirs
        assert "About us" not in theirs
        assert "Dawson Physiotherapy" in theirs


def test_hours_are_kept_and_the_moment_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monday = datetime(2026, 1, 5, tzinfo=ZoneInfo("America/Whitehorse"))
    for hour, words in ((10, "Open now until 17:00"), (18, "Closed now"), (11, "Open now until 17:00")):
        moment = monday + timedelta(hours=hour)
        monkeypatch.setattr("clinic.templatetags.clinic_tags.timezone.now", lambda moment=moment: moment)
        assert words in shown("/")


def test_a_licence_that_ends_at_midnight_is_not_kept_past_it(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    person = PractitionerPage.objects.get()
    person.licence_valid_until = today
    person.save_revision().publish()
    assert "Not taking new patients" not in shown()
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today + timedelta(days=1))
    assert "Not taking new patients" in shown()


def test_after_an_outage_the_whole_frame_is_back() -> None:
    whole = shown()
    rename_the_clinic()  # so that everything is drawn anew
    with database_lost():
        assert Client(raise_request_exception=False).get(IMS).status_code == 503
    after = shown()
    assert "Willow Physiotherapy" in after
    assert after.count("<nav") == whole.count("<nav")
    assert 'href="/about-us/"' in after


def test_the_blank_form_is_the_same_for_all_and_about_each_page() -> None:
    first, again = shown(), shown()
    other = shown("/contact/")
    page = ServicePage.objects.get()
    assert first == again
    assert f'name="about" value="{page.pk}"' in first
    assert '<option value="treatment" selected>' in first
    assert '<option value="treatment" selected>' not in other
    for name in ("name", "email", "phone", "message", "website"):
        assert f'name="{name}"' in other

"""Notices over every page: set by staff, shown while they run, and gone by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from clinic.blocks.notice import NoticeBlock
from clinic.lib.announcements import Notice, next_change, running
from clinic.models import Notices
from clinic.page_cache.lifetime import ENDS
from tests import factories
from tests.edit_form import answers_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import Client
    from wagtail.models import Page, Site

NOON = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

storm = Notice("The road is closed.", NOON, NOON + 2 * HOUR, is_urgent=True)
floors = Notice("New floors.", NOON - HOUR, NOON + HOUR)


def test_a_notice_runs_from_its_start_until_just_before_its_end() -> None:
    moments = [NOON - HOUR / 60, NOON, NOON + 2 * HOUR - HOUR / 60, NOON + 2 * HOUR]
    assert [storm.runs(moment) for moment in moments] == [False, True, True, False]


def test_the_important_notice_stands_first() -> None:
    assert running([floors, storm], NOON) == [storm, floors]


def test_the_next_start_or_end_is_when_pages_change() -> None:
    both = [floors, storm]
    assert next_change(both, NOON - 3 * HOUR) == floors.starts
    assert next_change(both, NOON - HOUR / 2) == storm.starts
    assert next_change(both, NOON) == floors.ends
    assert next_change(both, NOON + 2 * HOUR) is None
    assert next_change([], NOON) is None


def put_up(site: Site, *notices: dict[str, Any]) -> Notices:
    now = timezone.now()
    usual = {"text": "We are closed.", "level": "info", "starts": now - HOUR, "ends": now + HOUR, "page": None}
    kept, _ = Notices.objects.get_or_create(site=site)
    block = Notices._meta.get_field("notices").stream_block
    kept.notices = block.to_python([])
    kept.notices.extend([("notice", block.child_blocks["notice"].to_python(usual | notice)) for notice in notices])
    kept.save()
    return kept


def test_every_page_shows_the_notices_that_run_and_no_others(site: Site, client: Client) -> None:
    now = timezone.now()
    put_up(
        site,
        {"text": "The road is closed.", "level": "urgent"},
        {"text": "Last week.", "ends": now - HOUR / 2},
        {"text": "Next week.", "starts": now + HOUR / 2},
    )
    factories.make_standard()
    for address in ("/", "/about-us/", "/search/", "/enquiry/", "/nothing-here/"):
        page = client.get(address).content.decode()
        assert '<section class="notices" aria-label="Notices">' in page
        assert "The road is closed." in page
        assert "Last week." not in page
        assert "Next week." not in page


def test_without_a_notice_there_is_no_empty_region(site: Site, client: Client) -> None:
    put_up(site)
    assert 'class="notices"' not in client.get("/").content.decode()


def test_what_staff_type_is_shown_as_text(site: Site, client: Client) -> None:
    put_up(site, {"text": "<b>Closed</b>"})
    assert escape("<b>Closed</b>") in client.get("/").content.decode()


def test_a_notice_leads_to_the_page_that_says_more_while_it_is_live(site: Site, client: Client) -> None:
    there, gone = factories.make_location("Whitehorse"), factories.make_standard("Draft", live=False)
    put_up(site, {"page": there.pk}, {"page": gone.pk})
    page = client.get("/").content.decode()
    assert f'<a href="{there.url}">Whitehorse</a>' in page
    assert "Draft" not in page


def test_notices_cost_no_page_a_query(site: Site, client: Client) -> None:
    pages: list[Page] = [factories.make_location(title) for title in ("Whitehorse", "Haines Junction")]

    def queries() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    before = queries()
    put_up(site, *({"page": page.pk} for page in pages))
    assert queries() == before


def test_a_notice_that_ends_before_it_starts_is_refused() -> None:
    value = {"text": "Closed", "level": "info", "starts": NOON, "ends": NOON, "page": None}
    with pytest.raises(ValidationError):
        NoticeBlock().clean(NoticeBlock().to_python(value))


@pytest.mark.parametrize(("role", "may"), [("Managers", True), ("Physiotherapists", True), ("Reception", False)])
def test_managers_and_physiotherapists_put_up_notices(site: Site, client: Client, role: str, may: bool) -> None:
    put_up(site, {"text": "Closed on Friday."})
    client.force_login(factories.make_person(role))
    address = reverse("wagtailsettings:edit", args=["clinic", "notices", site.pk])
    opened = client.get(address)
    assert (opened.status_code == 200) is may
    if may:
        answers = answers_of(opened.context["form"]) | {"notices-0-value-text": "Closed on Monday."}
        assert client.post(address, answers).status_code == 302
        assert [notice.text for notice in Notices.objects.get().all()] == ["Closed on Monday."]


def test_a_pages_copy_ends_when_a_notice_starts_or_ends(site: Site, visit: HttpRequest) -> None:
    soon = timezone.now().replace(microsecond=0) + HOUR / 2
    put_up(site, {"starts": soon, "ends": soon + HOUR})
    render_to_string("404.html", request=visit)
    assert visit.META[ENDS] == [soon]

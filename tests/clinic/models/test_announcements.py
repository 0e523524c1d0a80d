"""Announcements on every page: written by staff, and shown only for their time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from clinic.models import Announcements
from clinic.models.announcements import AnnouncementBlock
from clinic.page_cache.invalidation import EXPIRES_AT
from tests import factories
from tests.edit_form import answers_of

NOON = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def announce(site: Site, *announcements: dict[str, Any]) -> Announcements:
    now = timezone.now()
    usual = {"text": "We are closed.", "level": "info", "starts": now - HOUR, "ends": now + HOUR, "page": None}
    setting, _ = Announcements.objects.get_or_create(site=site)
    block = Announcements._meta.get_field("announcements").stream_block
    setting.announcements = block.to_python([])
    setting.announcements.extend(
        [("announcement", block.child_blocks["announcement"].to_python(usual | one)) for one in announcements]
    )
    setting.save()
    return setting


def test_every_page_shows_the_current_announcements_and_no_others(site: Site, client: Client) -> None:
    announce(site)
    assert 'class="announcements"' not in client.get("/").text
    now = timezone.now()
    announce(
        site,
        {"text": "New floors."},
        {"text": "The road is closed.", "level": "urgent"},
        {"text": "Last week.", "ends": now - HOUR / 2},
        {"text": "Next week.", "starts": now + HOUR / 2},
    )
    factories.make_standard()
    for address in ("/", "/about-us/", "/search/", "/enquiry/", "/nothing-here/"):
        page = client.get(address).text
        assert '<section class="announcements" aria-label="Announcements">' in page
        assert page.index("The road is closed.") < page.index("New floors.")
        assert "week." not in page


def test_an_announcement_links_to_its_page_while_that_is_published(site: Site, client: Client) -> None:
    there, gone = factories.make_location("Whitehorse"), factories.make_standard("Draft", live=False)
    announce(site, {"page": there.pk}, {"page": gone.pk})
    page = client.get("/").text
    assert f'<a href="{there.url}">Whitehorse</a>' in page
    assert "Draft" not in page


def test_an_announcement_that_ends_before_it_starts_is_refused() -> None:
    value = {"text": "Closed", "level": "info", "starts": NOON, "ends": NOON, "page": None}
    with pytest.raises(ValidationError):
        AnnouncementBlock().clean(AnnouncementBlock().to_python(value))


@pytest.mark.parametrize(("role", "may"), [("Managers", True), ("Physiotherapists", True), ("Reception", False)])
def test_managers_and_physiotherapists_make_announcements(site: Site, client: Client, role: str, may: bool) -> None:
    announce(site, {"text": "Closed on Friday."})
    client.force_login(factories.make_person(role))
    address = reverse("wagtailsettings:edit", args=["clinic", "announcements", site.pk])
    opened = client.get(address)
    assert (opened.status_code == 200) is may
    if may:
        answers = answers_of(opened.context["form"]) | {"announcements-0-value-text": "Closed on Monday."}
        assert client.post(address, answers).status_code == 302
        assert [one.value["text"] for one in Announcements.objects.get().announcements] == ["Closed on Monday."]


@pytest.mark.parametrize("begins", [timedelta(), -HOUR])
def test_a_page_expires_when_an_announcement_starts_or_ends(site: Site, visit: HttpRequest, begins: timedelta) -> None:
    soon = timezone.now().replace(microsecond=0) + HOUR / 2
    first, later = soon + begins, soon + HOUR
    announce(site, {"starts": first, "ends": first + HOUR}, {"starts": later, "ends": later + HOUR})
    render_to_string("404.html", request=visit)
    assert visit.META[EXPIRES_AT] == [soon]

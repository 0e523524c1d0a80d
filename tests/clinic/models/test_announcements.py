"""Announcements on every page: written by staff, and shown only for their time."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from clinic.models import Announcements
from clinic.page_cache.invalidation import EXPIRES_AT
from tests import factories
from tests.edit_form import answers_of

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


def test_managers_and_physiotherapists_make_announcements_that_end_after_they_start(site: Site, client: Client) -> None:
    announce(site, {"text": "Closed on Friday."})
    address = reverse("wagtailsettings:edit", args=["clinic", "announcements", site.pk])
    for role in ("Managers", "Physiotherapists"):
        client.force_login(factories.make_person(role))
        answers = answers_of(client.get(address).context["form"]) | {"announcements-0-value-text": f"Hello, {role}."}
        assert client.post(address, answers).status_code == 302
        assert [one.value["text"] for one in Announcements.objects.get().announcements] == [f"Hello, {role}."]
    ends = answers["announcements-0-value-starts"]
    assert client.post(address, answers | {"announcements-0-value-ends": ends}).status_code == 200
    client.force_login(factories.make_person("Reception"))
    assert client.get(address).status_code == 302


def test_a_page_expires_when_an_announcement_starts_or_ends(site: Site, client: Client) -> None:
    soon = timezone.now().replace(microsecond=0) + HOUR / 2
    later = soon + HOUR
    for first in (soon, soon - HOUR):
        announce(site, {"starts": first, "ends": first + HOUR}, {"starts": later, "ends": later + HOUR})
        assert client.get("/nothing-here/").wsgi_request.META[EXPIRES_AT] == [soon]

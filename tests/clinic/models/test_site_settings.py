from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from clinic.models import Announcements, ClinicDetails
from clinic.page_cache.invalidation import EXPIRES_AT
from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db


def change(client: Client, details: ClinicDetails, **answers: str) -> Any:
    address = reverse("wagtailsettings:edit", args=["clinic", "clinicdetails", details.site_id])
    response: Any = client.post(address, answers_of(client.get(address).context["form"]) | answers)
    details.refresh_from_db()
    return response


@pytest.mark.parametrize(
    ("field", "answer", "words"),
    [
        ("phone", "867-555", "cannot be dialled"),
        ("emergency_wording", "Call 9111.", "must say to call 911"),
        ("emergency_wording_fr", "Appelez-nous.", "must say to call 911"),
        ("phone", "867-555-0199", "in the header and footer of every page"),
        ("emergency_wording", "Call 911 now.", "on receipts"),
        ("name", "Aurora Physiotherapy", "Before: “Fireweed Physiotherapy”"),
    ],
)
def test_a_change_is_confirmed(as_manager: Client, details: ClinicDetails, field: str, answer: str, words: str) -> None:
    form = change(as_manager, details, **{field: answer}).context["form"]
    assert words in " ".join(form.errors[field])
    assert form[field].value() == answer
    assert getattr(details, field) != answer


def test_a_confirmed_change_is_saved_and_can_be_brought_back(as_manager: Client, details: ClinicDetails) -> None:
    assert change(as_manager, details, use_again="no number").status_code == 302, "nothing to confirm"
    assert change(as_manager, details, phone="867-555-0199", changes_are_right="on").status_code == 302
    assert details.phone == "867-555-0199"
    editor = as_manager.get(reverse("wagtailsettings:edit", args=["clinic", "clinicdetails", details.site_id]))
    assert "changes_are_right" not in editor.text
    (earlier,) = editor.context["form"].earlier
    asked = change(as_manager, details, tagline="New words", use_again=str(earlier.pk))
    assert asked.context["form"]["phone"].value() == "867-555-0142"
    assert asked.context["form"]["tagline"].value() == "New words"
    assert details.phone == "867-555-0199"
    change(as_manager, details, phone="867-555-0142", changes_are_right="on")
    assert details.phone == "867-555-0142"


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


def test_every_page_shows_the_current_announcements_with_links_to_published_pages(site: Site, client: Client) -> None:
    announce(site)
    assert 'class="announcements"' not in client.get("/").text
    now = timezone.now()
    there, gone = factories.make_standard(), factories.make_standard("Draft", live=False)
    announce(
        site,
        {"text": "New floors.", "page": there.pk},
        {"text": "The road is closed.", "level": "urgent", "page": gone.pk},
        {"text": "Last week.", "ends": now - HOUR / 2},
        {"text": "Next week.", "starts": now + HOUR / 2},
    )
    for address in ("/", "/about-us/", "/search/", "/enquiry/", "/nothing-here/"):
        region = client.get(address).text.partition('<section class="announcements" aria-label="Announcements">')[2]
        shown = region.partition("</section>")[0]
        assert shown.index("The road is closed.") < shown.index("New floors.")
        assert '<a href="/about-us/">About us</a>' in shown
        assert "Draft" not in shown
        assert "week." not in shown


def test_managers_and_physiotherapists_make_announcements_that_end(site: Site, client: Client) -> None:
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

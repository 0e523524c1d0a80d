"""The privacy notice says what the settings do, and each enquiry refers to the notice that its sender saw."""

import re
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinic.lib.readability import HIGHEST_GRADE, grade_of
from clinic.models import ClinicDetails
from contact import privacy_notice
from contact.models import DeskSettings, PrivacyNotice
from contact.privacy_notice import readers, render_notice
from tests import factories
from tests.contact.factories import send_form

FORM, PAGE = "/enquiry/", "/enquiry/privacy/"

# What the privacy law requires the notice to cover.
HEADINGS = [
    "In short", "Who we are", "What we ask, and why", "Who sees it", "Where it is kept", "How long it is kept",
    "E-mail", "Your rights", "Who to ask",
]  # fmt: skip


def version_at(client: Client, address: str = FORM) -> str:
    found = re.search(r'name="notice" value="(\w+)"', client.get(address).content.decode())
    assert found
    return found[1]


def keep_for(days: int) -> None:
    DeskSettings.objects.update_or_create(defaults={"keep_closed_days": days})


def test_the_form_shows_the_short_notice_with_a_link_to_the_whole_one(client: Client) -> None:
    factories.make_contact_page()
    for address in (FORM, "/contact/"):
        html = client.get(address).content.decode()
        assert "deleted 90 days after we close it" in html
        assert f'href="{PAGE}"' in html
    assert PrivacyNotice.objects.get().version == version_at(client)


def test_an_enquiry_and_the_desk_refer_to_the_notice_that_its_sender_saw(client: Client, receptionist: User) -> None:
    seen = version_at(client)
    keep_for(30)
    stored = send_form(notice=seen)
    assert stored.privacy_notice
    assert (stored.privacy_notice.version, "90 days" in stored.privacy_notice.text) == (seen, True)
    assert version_at(client) != seen
    client.force_login(receptionist)
    html = client.get(f"/django-admin/contact/enquiry/{stored.pk}/change/").content.decode()
    assert f'href="{PAGE}{seen}/"' in html


def test_an_enquiry_with_a_missing_or_unknown_version_is_stored(client: Client) -> None:
    current = PrivacyNotice.objects.filter(version=version_at(client))
    for version in ("", "000000000000", "ffff' OR 1=1", "x" * 5000, "\0", "…"):
        stored = send_form(notice=version, message=f"Version {version[:20]}")
        assert stored.privacy_notice == current.get(), version
    assert send_form().privacy_notice == current.get()


@pytest.mark.parametrize("error", [DatabaseError, ValueError])
def test_without_a_notice_an_enquiry_is_stored(client: Client, caplog: pytest.LogCaptureFixture, error: Any) -> None:
    with patch.object(PrivacyNotice.objects, "get_or_create", side_effect=DatabaseError):
        assert version_at(client)
    assert "could not be rendered or stored" in caplog.text
    with patch.object(privacy_notice, "readers", side_effect=error):
        html, response = client.get(FORM).content.decode(), client.get(PAGE)
        assert send_form().privacy_notice is None
    assert "can open this. What you write is not sent to them by e-mail." in html
    assert 'name="notice" value' not in html
    assert (response.status_code, response["Cache-Control"]) == (503, "private, no-cache")


def test_the_page_shows_the_whole_notice_and_the_emergency_number_once(client: Client, details: ClinicDetails) -> None:
    details.privacy_page = factories.make_standard("Privacy")
    details.privacy_contact_email = "privacy@example.org"
    details.emergency_wording = "In an emergency, call 911 at once."
    details.save()
    DeskSettings.objects.update_or_create(defaults={"stored_where": "in <b>Toronto</b>"})
    response = client.get(PAGE)
    html = response.content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    assert main.count("911</a>") == main.count(">911<") == 1
    for shown in (
        f'<a href="{details.privacy_page.url}">', "<h2>Who sees it</h2>", "<li>correct what is wrong</li>",
        f"Version of {timezone.localdate():%B %-d, %Y}</a>", 'href="https://yukonaccountability.ca/ipc/complaints"',
        'href="mailto:privacy@example.org"', "in &lt;b&gt;Toronto&lt;/b&gt;",
    ):  # fmt: skip
        assert shown in html
    assert "noindex" not in f"{response.headers}{html}"


def test_an_older_notice_can_be_read_but_not_found_by_search_engines(client: Client) -> None:
    before = version_at(client)
    keep_for(30)
    assert "30 days" in client.get(PAGE).content.decode()
    response = client.get(f"{PAGE}{before}/")
    assert "90 days" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    for unknown in ("000000000000", "nothing", "a" * 200):
        assert client.get(f"{PAGE}{unknown}/").status_code == 404


def notice(readers: tuple[str, ...] = ("Managers", "Reception"), **changed: Any) -> PrivacyNotice:
    """Return the notice of an example clinic, with other settings by name."""
    contact = {"privacy_contact_name": "Kim Sample", "privacy_contact_email": "privacy@example.org"}
    clinic = ClinicDetails(name="Fireweed Physiotherapy", phone="867-555-0142", **contact)
    desk = DeskSettings(stored_where="on a server in Canada")
    for name, value in changed.items():
        setattr(desk if hasattr(desk, name) else clinic, name, value)
    return render_notice(clinic, desk, readers)


def test_the_notice_covers_what_the_law_requires_and_everyone_can_read_it(settings: Settings) -> None:
    unencrypted = "Others may be able to read an e-mail on its way"
    settings.EMAIL_USE_TLS = False
    assert unencrypted in notice().text
    settings.EMAIL_USE_TLS = True
    text = notice().text
    assert unencrypted not in text
    assert re.findall("^## (.*)$", text, re.MULTILINE) == HEADINGS
    for words in (
        "Fireweed Physiotherapy", "managers and reception", "kept on a server in Canada", "Ask Kim Sample",
        "90 days after that, it is deleted", "Spam is deleted after 30 days", "14 days after our last reply",
        "Write to <privacy@example.org> or call 867-555-0142.", "Information and Privacy Commissioner",
        "Health Information Privacy and Management Act",
    ):  # fmt: skip
        assert words in " ".join(text.split()), words
    assert 3 < grade_of(" ".join(text.replace("##", "").split())) <= HIGHEST_GRADE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keep_closed_days": 1}, "1 day after that"),
        ({"stored_where": "in a data centre in Toronto."}, "kept in a data centre in Toronto. It does not go"),
        ({"readers": ("Managers", "Reception", "Students")}, "managers, reception and students"),
        ({"readers": ()}, "the clinic’s managers"),
        ({"privacy_contact_name": "", "privacy_contact_email": "", "email": "", "phone": ""}, "Ask us. If"),
    ],
)
def test_another_setting_makes_another_version(change: dict[str, Any], words: str) -> None:
    changed = notice(**change)
    assert words in " ".join(changed.text.split())
    assert changed.version != notice().version == notice().version
    assert len(changed.version) == 12
    assert changed.short in changed.text


def test_the_readers_are_the_roles_that_may_open_enquiries() -> None:
    assert readers() == ("Managers", "Reception")
    may_see = Permission.objects.get(content_type__app_label="contact", codename="view_enquiry")
    Group.objects.create(name="Students").permissions.add(may_see)
    Group.objects.get(name="Reception").permissions.remove(may_see)
    assert readers() == ("Managers", "Students")

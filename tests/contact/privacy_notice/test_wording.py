"""The notice describes what the settings do, in words that everyone can read."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from pytest_django import Settings

from clinic.lib.readability import HIGHEST_GRADE, grade_of
from clinic.models import ClinicDetails
from contact.models import DeskSettings, PrivacyNotice
from contact.privacy_notice import current_notice, notice_html, readers, render_notice

# What the privacy law requires the notice to cover.
HEADINGS = [
    "In short", "Who we are", "What we ask, and why", "Who sees it", "Where it is kept", "How long it is kept",
    "E-mail", "Your rights", "Who to ask",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _encrypted(settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True


def notice(readers: tuple[str, ...] = ("Managers", "Reception"), **changed: Any) -> PrivacyNotice:
    """Return the notice of an example clinic, with other settings by name."""
    clinic = ClinicDetails(
        name="Fireweed Physiotherapy",
        phone="867-555-0142",
        privacy_contact_name="Kim Sample",
        privacy_contact_email="privacy@example.org",
    )
    desk = DeskSettings(
        stored_where="on a server in Canada", keep_closed_days=90, keep_spam_days=30, close_answered_after_days=14
    )
    for name, value in changed.items():
        setattr(desk if hasattr(desk, name) else clinic, name, value)
    return render_notice(clinic, desk, readers)


def test_the_notice_covers_what_the_law_requires() -> None:
    text = notice().text
    assert re.findall("^## (.*)$", text, re.MULTILINE) == HEADINGS
    for words in (
        "Fireweed Physiotherapy",
        "managers and reception",
        "kept on a server in Canada",
        "90 days after that, it is deleted",
        "Spam is deleted after 30 days",
        "14 days after our last reply",
        "Ask Kim Sample",
        "Write to <privacy@example.org> or call 867-555-0142.",
        "Information and Privacy Commissioner",
        "Health Information Privacy and Management Act",
    ):
        assert words in " ".join(text.split()), words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keep_closed_days": 1}, "1 day after that"),
        ({"stored_where": "in a data centre in Toronto"}, "kept in a data centre in Toronto"),
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


def test_mail_without_encryption_is_said_to_be_readable(settings: Settings) -> None:
    settings.EMAIL_USE_TLS = False
    assert "Others may be able to read an e-mail on its way" in notice().text


def test_everyone_can_read_the_notice() -> None:
    text = " ".join(notice().text.replace("##", "").split())
    assert len(text.split()) > 300
    assert 3 < grade_of(text) <= HIGHEST_GRADE


@pytest.mark.usefixtures("details")
def test_the_facts_come_from_the_settings() -> None:
    DeskSettings.objects.update_or_create(
        defaults={"keep_closed_days": 45, "stored_where": "on a server in Whitehorse."}
    )
    current = current_notice()
    assert current
    for words in ("Fireweed Physiotherapy", "45 days after that", "kept on a server in Whitehorse. It does not go"):
        assert words in " ".join(current.text.split())


@pytest.mark.django_db
def test_the_readers_are_the_roles_that_may_open_enquiries() -> None:
    assert readers() == ("Managers", "Reception")
    may_see = Permission.objects.get(content_type__app_label="contact", codename="view_enquiry")
    Group.objects.create(name="Students").permissions.add(may_see)
    Group.objects.get(name="Reception").permissions.remove(may_see)
    assert readers() == ("Managers", "Students")


def test_addresses_and_numbers_become_links_and_what_managers_type_is_escaped() -> None:
    html = notice_html(notice(stored_where="in <b>Toronto</b>"))
    assert 'href="tel:+18675550142"' in html
    assert 'href="mailto:privacy@example.org"' in html
    assert ">Yukon Information and Privacy Commissioner</a>" in html
    assert "in &lt;b&gt;Toronto&lt;/b&gt;" in html
    assert "<h2>In short</h2>" not in html

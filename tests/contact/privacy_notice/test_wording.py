"""The notice describes what the settings do, in words that everyone can read."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from pytest_django import Settings

from clinic.lib.readability import HIGHEST_GRADE, grade_of
from clinic.models import ClinicDetails
from contact.models import DeskSettings, PrivacyNotice
from contact.privacy_notice import blocks_of, current_notice, linked, page_of, readers, render_notice

# What the privacy law requires the notice to cover.
HEADINGS = [
    "In short", "Who we are", "What we ask, and why", "Who sees it", "Where it is kept", "How long it is kept",
    "E-mail", "Your rights", "Who to ask", "Not for emergencies",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _encrypted(settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True


def notice(readers: tuple[str, ...] = ("Managers", "Reception"), **changed: Any) -> PrivacyNotice:
    """Return the notice of an example clinic, with other settings by name."""
    clinic = ClinicDetails(
        name="Fireweed Physiotherapy",
        phone="867-555-0142",
        emergency_wording="In an emergency, call 911.",
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
    assert [line for block in blocks_of(text) for line in block if line[0] != "–" and line[-1] not in ".:"] == HEADINGS
    for words in (
        "Fireweed Physiotherapy",
        "managers and reception",
        "kept on a server in Canada",
        "90 days after that, it is deleted",
        "Spam is deleted after 30 days",
        "14 days after our last reply",
        "Ask Kim Sample",
        "Write to privacy@example.org or call 867-555-0142.",
        "Information and Privacy Commissioner",
        "Health Information Privacy and Management Act",
        "call 911",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keep_closed_days": 1}, "1 day after that"),
        ({"stored_where": "in a data centre in Toronto"}, "kept in a data centre in Toronto"),
        ({"readers": ("Managers", "Reception", "Students")}, "managers, reception and students"),
        ({"readers": ()}, "the clinic’s managers"),
        ({"privacy_contact_name": "", "privacy_contact_email": "", "email": "", "phone": ""}, "Ask us.\n"),
    ],
)
def test_another_setting_makes_another_version(change: dict[str, Any], words: str) -> None:
    changed = notice(**change)
    assert words in changed.text
    assert changed.version != notice().version == notice().version
    assert len(changed.version) == 12
    assert changed.short in changed.text


def test_mail_without_encryption_is_said_to_be_readable(settings: Settings) -> None:
    settings.EMAIL_USE_TLS = False
    assert "Others may be able to read an e-mail on its way" in notice().text


def test_everyone_can_read_the_notice() -> None:
    text = "\n".join(line for block in blocks_of(notice().text) for line in block)
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
        assert words in current.text


@pytest.mark.django_db
def test_the_readers_are_the_roles_that_may_open_enquiries() -> None:
    assert readers() == ("Managers", "Reception")
    may_see = Permission.objects.get(content_type__app_label="contact", codename="view_enquiry")
    Group.objects.create(name="Students").permissions.add(may_see)
    Group.objects.get(name="Reception").permissions.remove(may_see)
    assert readers() == ("Managers", "Students")


def test_the_page_begins_with_emergencies_and_leaves_nothing_out() -> None:
    text = notice(emergency_wording="Call 911.\n\nOr the nurse at 811").text
    page = page_of(text)
    assert page.urgent.endswith("Call 911. Or the nurse at 811")
    assert [heading for heading, _blocks in page.parts] == HEADINGS[1:-1]
    shown = [page.short, page.urgent, *HEADINGS]
    shown += [line for _heading, blocks in page.parts for block in blocks for line in block]
    assert set(text.replace("– ", "").split()) <= set(" ".join(shown).split())


def test_a_notice_with_another_last_part_is_shown_whole() -> None:
    page = page_of("In short\n\nWe keep it.\n\nWho we are\n\nA clinic.\n")
    assert (page.short, page.urgent) == ("We keep it.", "")
    assert page.parts == [("Who we are", [["A clinic."]])]


def test_addresses_and_numbers_become_links_and_other_text_is_escaped() -> None:
    office, address = "Yukon Information and Privacy Commissioner", "https://yukonaccountability.ca/ipc/complaints"
    link = f'<a class="printed" href="{address}">{office}</a>'
    assert linked(f"Complain to the {office}: {address}. <b>") == f"Complain to the {link}. &lt;b&gt;"
    contact = linked("Write to privacy@example.org or call 867-555-0142.")
    assert 'href="tel:+18675550142"' in contact
    assert 'href="mailto:privacy@example.org"' in contact

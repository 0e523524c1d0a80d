"""What the notice says is what the settings do, in words that everybody can read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from clinic.lib.readability import HIGHEST_GRADE, reading_of
from contact.models import DeskSettings
from contact.privacy_notice.facts import Facts, readers
from contact.privacy_notice.wording import blocks_of, linked, page_of, render_notice
from tests import factories

FACTS = Facts(
    clinic="Fireweed Physiotherapy",
    phone="867-555-0142",
    emergency_wording="In an emergency, call 911.",
    contact_name="Kim Sample",
    contact_email="privacy@example.org",
    readers=("Managers", "Reception"),
    stored_where="on a server in Canada",
    keep_closed_days=90,
    keep_spam_days=30,
    close_answered_after_days=14,
    mail_is_encrypted=True,
)
# What stands at the form by the privacy law, as the clinic's list of facts has it.
HEADINGS = [
    "In short",
    "Who we are",
    "What we ask, and why",
    "Who sees it",
    "Where it is kept",
    "How long it is kept",
    "E-mail",
    "Your rights",
    "Who to ask",
    "Not for emergencies",
]


def test_it_says_all_that_it_has_to() -> None:
    text = render_notice(FACTS).text
    assert [block.lines[0] for block in blocks_of(text) if block.kind == "heading"] == HEADINGS
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
        ({"mail_is_encrypted": False}, "Others may be able to read an e-mail on its way"),
        ({"contact_name": "", "contact_email": "", "phone": ""}, "Ask us.\n"),
    ],
)
def test_another_setting_is_another_wording_and_another_version(change: dict[str, Any], words: str) -> None:
    changed = render_notice(replace(FACTS, **change))
    assert words in changed.text
    assert changed.version != render_notice(FACTS).version
    assert len(changed.version) == 12


def test_the_same_words_are_the_same_version() -> None:
    assert render_notice(FACTS).version == render_notice(replace(FACTS)).version
    assert render_notice(FACTS).short in render_notice(FACTS).text


def test_everybody_can_read_it() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for block in blocks_of(render_notice(FACTS).text) for line in block.lines)
    reading = reading_of(f"<main>{paragraphs}</main>")
    assert reading.words > 300
    assert reading.grade <= HIGHEST_GRADE


@pytest.mark.django_db
def test_the_facts_are_the_running_settings() -> None:
    factories.make_clinic()
    desk = DeskSettings.load()
    desk.keep_closed_days, desk.stored_where = 45, "on a server in Whitehorse."
    desk.save()
    told = Facts.read()
    assert (told.clinic, told.keep_closed_days) == ("Fireweed Physiotherapy", 45)
    assert told.stored_where == "on a server in Whitehorse"


@pytest.mark.django_db
def test_who_sees_it_is_who_may_open_enquiries_now() -> None:
    assert readers() == ("Managers", "Reception")
    may_see = Permission.objects.get(content_type__app_label="contact", codename="view_enquiry")
    Group.objects.create(name="Students").permissions.add(may_see)
    Group.objects.get(name="Reception").permissions.remove(may_see)
    assert readers() == ("Managers", "Students")


def test_its_page_begins_with_what_to_do_in_an_emergency_and_leaves_nothing_out() -> None:
    text = render_notice(replace(FACTS, emergency_wording="Call 911.\n\nOr the nurse at 811")).text
    page = page_of(text)
    assert page.urgent.endswith("Call 911. Or the nurse at 811")
    assert [heading for heading, _blocks in page.parts] == HEADINGS[1:-1]
    shown = [page.short, page.urgent, *HEADINGS]
    shown += [line for _heading, blocks in page.parts for block in blocks for line in block.lines]
    assert set(text.replace("– ", "").split()) <= set(" ".join(shown).split())


def test_a_wording_that_ends_otherwise_is_shown_whole() -> None:
    page = page_of("In short\n\nWe keep it.\n\nWho we are\n\nA clinic.\n")
    assert (page.short, page.urgent) == ("We keep it.", "")
    assert [(heading, blocks[0].lines) for heading, blocks in page.parts] == [("Who we are", ("A clinic.",))]


def test_links_have_names_and_words_stay_words() -> None:
    office, address = "Yukon Information and Privacy Commissioner", "https://yukonaccountability.ca/ipc/complaints"
    link = f'<a class="printed" href="{address}">{office}</a>'
    line = f"Complain to the {office}: {address}. <b>"
    assert linked(line) == f"Complain to the {link}. &lt;b&gt;"
    assert 'href="tel:+18675550142"' in linked("Write to privacy@example.org or call 867-555-0142.")
    assert 'href="mailto:privacy@example.org"' in linked("Write to privacy@example.org or call 867-555-0142.")

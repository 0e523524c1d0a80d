"""Every mail is 7-bit, has short lines, and cuts no number in two."""

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from clinic.models import ClinicDetails
from contact.mail import messages
from contact.mail.smtp import Letter, wrap
from contact.models import Entry
from contact.models.message import MessageType
from tests.contact.factories import make_enquiry, make_message

NUMBERS = "Call (867) 555-0142 or 867 555 0143, +1 867-555-0144, before 5 p.m. "


def sent(letter: Letter) -> tuple[list[bytes], str]:
    """Return the lines as they go to the server, and the text as it is read."""
    mime: Any = letter.message()
    raw = mime.as_bytes(linesep="\r\n")
    body: str = message_from_bytes(raw, policy=policy.default).get_content()
    return raw.split(b"\r\n"), body.replace("\r\n", "\n").removesuffix("\n")


def assert_goes_through_any_server(lines: list[bytes]) -> None:
    assert max(map(len, lines)) <= 78
    assert max(map(len, lines[lines.index(b"") :])) <= 76, "the limit of quoted-printable"
    assert b"".join(lines).isascii()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")))
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    lines, read = sent(Letter("A subject", text, to=["b@example.org"]))
    assert_goes_through_any_server(lines)
    assert read == text.removesuffix("\n")


@pytest.mark.parametrize("start", range(0, 80, 7))
@pytest.mark.parametrize("accent", ["", "é "])
def test_no_number_is_cut_in_two(start: int, accent: str) -> None:
    text = "x" * start + " " + accent + NUMBERS * 5
    lines, read = sent(Letter("A subject", wrap(text), to=["b@example.org"]))
    assert read == wrap(text)
    for number in ("(867) 555-0142", "867 555 0143", "+1 867-555-0144"):
        assert sum(line.count(number.encode()) for line in lines) == 5
    assert read.replace("\n", " ").rstrip() == text.rstrip()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in MessageType if kind not in {"site", "password_reset"}])
def test_the_sites_own_mails_have_short_lines(kind: MessageType, details: ClinicDetails, settings: Settings) -> None:
    details.name = "Physiothérapie de l’Épilobe à feuilles étroites et du Grand Nord de Whitehorse"
    details.emergency_wording = NUMBERS * 4
    settings.DEFAULT_FROM_EMAIL = "Physiothérapie de l’Épilobe <hello@fireweed-physiotherapy.example.org>"
    details.save()
    enquiry = make_enquiry()
    text = "Un long paragraphe qu’une personne a écrit, sans fin de ligne. " * 5 + NUMBERS
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text=text) if kind == MessageType.REPLY else None
    lines, read = sent(messages.build_email(make_message(enquiry=enquiry, kind=kind, entry=entry)))
    assert_goes_through_any_server(lines)
    if kind == MessageType.REPLY:
        assert text in read
    else:
        assert max(map(len, read.split("\n"))) <= 78
        assert not re.search(rb"\d-?=$", b"\n".join(lines), re.MULTILINE)

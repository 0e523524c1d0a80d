"""Health card numbers and dates of birth are hidden; what the clinic needs to reply is not."""

import pytest

from contact.screening.masking import MaskedType, mask_private_numbers

NUMBER = "[health card number removed]"
BIRTH = "[date of birth removed]"


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("My health card number is 002 123 456, thanks", f"My health card number is {NUMBER}, thanks"),
        ("YHCIP: 002123456", f"YHCIP: {NUMBER}"),
        ("yukon health care # 002-123-456.", f"yukon health care # {NUMBER}."),
        ("PHN 9698 658 215", f"PHN {NUMBER}"),
        ("bc phn: 9698658215", f"bc phn: {NUMBER}"),
        ("my number: 9698658215", f"my number: {NUMBER}"),
        ("(9698-658-215)", f"({NUMBER})"),
        ("I am 9698 658 215 in BC", f"I am {NUMBER} in BC"),
        ("OHIP 1234-567-890-AB", f"OHIP {NUMBER}"),
        ("OHIP 1234 567 890 AB please", f"OHIP {NUMBER} please"),
        ("Alberta health card 12345-6789", f"Alberta health card {NUMBER}"),
        ("12345-6789", NUMBER),
        ("Care card no. 9123456789", f"Care card no. {NUMBER}"),
        ("MCP 123456789012", f"MCP {NUMBER}"),
        ("RAMQ: TREM 1234 5678", f"RAMQ: {NUMBER}"),
        ("002 123 456", NUMBER),
        ("002123456\nSam", f"{NUMBER}\nSam"),
    ],
)
def test_a_health_card_number_is_hidden(typed: str, masked: str) -> None:
    assert mask_private_numbers(typed) == (masked, (MaskedType.HEALTH_NUMBER,))


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("DOB 12/03/1980", f"DOB {BIRTH}"),
        ("D.O.B.: 12.3.80", f"D.O.B.: {BIRTH}"),
        ("dob 1980-03-12, thanks", f"dob {BIRTH}, thanks"),
        ("Date of birth: March 12, 1980.", f"Date of birth: {BIRTH}."),
        ("date of birth is the 12th of March 1980", f"date of birth is the {BIRTH}"),
        ("I was born 12 March 1980 in Mayo", f"I was born {BIRTH} in Mayo"),
        ("born on Mar. 12th, 1980", f"born on {BIRTH}"),
        ("Born in Dawson City on 12-Mar-1980", f"Born in Dawson City on {BIRTH}"),
        ("my birthday is 1980 03 12", f"my birthday is {BIRTH}"),
        ("DOB 19800312", f"DOB {BIRTH}"),
        ("12/03/1980 (DOB)", f"{BIRTH} (DOB)"),
        ("12 March 1980 is my birth date", f"{BIRTH} is my birth date"),
        ("my date of birth, it's the 4 March 1980", f"my date of birth, it's the {BIRTH}"),
        ("My date of birth – it’s 4 March 1980", f"My date of birth – it’s {BIRTH}"),
        ("date of birth, that is the 4th of March 1980", f"date of birth, that is the {BIRTH}"),
        ("my birthday. It is on March 4, 1980", f"my birthday. It is on {BIRTH}"),
    ],
)
def test_a_date_of_birth_is_hidden(typed: str, masked: str) -> None:
    assert mask_private_numbers(typed) == (masked, (MaskedType.BIRTH_DATE,))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Call me at 867-555-0142 or (867) 555 0142, or +1 867 555 0142.",
        "867.555.0142",
        "8675550142",
        "555-0142",
        "My Alaska number is 907-555-0142, or 9075550142",
        "907 555 0142",
        "My sat phone is 8816 2345 6789 or 881623456789",
        "+8816 234 56789",
        "Spain: +34 912 345 678",
        "call 612 345 678",
        "My cell is 600 123 456",
        "My WCB claim is 123456789, claim number 123-456-789",
        "Do you bill health insurance? Call me at 867-555-0142.",
        "I lost my health card, call 867-555-0142",
        "For health card questions I am at 867-555-0142",
        "Could I come on 2026-11-30 or 12/03/2026?",
        "An appointment on 12 March 2027 at 10:30 would be good.",
        "It began on 12/03/2019 after surgery on March 3, 2018.",
        "I was born in 1980.",
        "appointment on 4 March 2026",
        "Do you need my date of birth? An appointment on 4 March 2026 would suit.",
        "You have my date of birth. Appointment on 4 March 2026?",
        "it's the 4 March 2026 that suits me",
        "My birthday is in March, I turn 46.",
        "The baby was born six weeks ago.",
        "Is the fee $120.00 or 150? Session 3 of 10, 2025/2026.",
        "L4/L5 and 5-10 reps, 3 x 12, 10-15-20",
        "My postal code is Y1A 2B3; unit 1234.",
        "The stubborn pain since 01/02/2020",
        *("9 " * 2000, "health card " * 330, "born is " * 500, "phn :::" * 500, "call (" * 600),
    ],
)
def test_what_the_clinic_needs_is_not_hidden(typed: str) -> None:
    assert mask_private_numbers(typed) == (typed, ())


def test_both_are_hidden_once_and_the_phone_number_is_not() -> None:
    text, types = mask_private_numbers("Sam, DOB 12/03/1980, PHN 9698 658 215, phone 867-555-0142")
    assert text == f"Sam, DOB {BIRTH}, PHN {NUMBER}, phone 867-555-0142"
    assert types == (MaskedType.BIRTH_DATE, MaskedType.HEALTH_NUMBER)
    assert mask_private_numbers(text) == (text, ())

"""Primary keys from addresses and forms."""

import pytest

from clinic.lib.http import parse_pk


@pytest.mark.parametrize(
    ("typed", "pk"),
    [
        ("0", 0),
        ("7", 7),
        ("999999999", 999999999),
        ("1234567890", None),
        ("", None),
        ("²", None),
        ("٣", None),
        (" 7", None),
    ],
)
def test_a_primary_key_is_nine_plain_digits_at_most(typed: str, pk: int | None) -> None:
    assert parse_pk(typed) == pk

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from clinic.demo.build import PASSWORD

EASY = """
    aaaaaaaaaaaa AAAAAAAAAAAAaaaa aaaaaaaaaaab abcabcabcabc Aa1!Aa1!Aa1!Aa1! qwertyuiop12 asdfasdfasdf 1q2w3e4r5t6y
    zaq12wsxcde3 abcdefghijkl Password2026! P@ssw0rd1234 fireweed-demo2 FireweedPhysiotherapy1 manager123456
    letmeinletmein Whitehorse2026! welcome-reception-1 000000000000a 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂
    Sunshine2026! iloveyou12345 SunshineSunshine
"""


@pytest.mark.parametrize("password", [*EASY.split(), PASSWORD, " " * 12, "\u00a0" * 12, "x x x x x x x"])
def test_a_password_that_is_only_long_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="mostly one character"):
        validate_password(password)


def test_a_passphrase_or_a_random_password_is_accepted() -> None:
    for password in ("correct horse battery", "heron over the river", "trois petits chats", "Kv7#pLw2!xQz"):
        validate_password(password)

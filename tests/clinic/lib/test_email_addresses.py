import pytest

from clinic.lib.email_addresses import KNOWN_DOMAINS, NEIGHBOURS, clean_address, fault_in_address, suggested_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sam@gmial.com", "sam@gmail.com"),
        ("sam@gmail.con", "sam@gmail.com"),
        ("Sam.Sample+x@GMIAL.COM", "Sam.Sample+x@gmail.com"),
        ("sam@gmailcom", "sam@gmail.com"),
        ("sam@gmail,com", "sam@gmail.com"),
        ("sam@gmail..com", "sam@gmail.com"),
        ("sam@hotmai.ca", "sam@hotmail.ca"),
        ("sam@northwesttell.net", "sam@northwestel.net"),
        ("sam@gmail.com.com", "sam@gmail.com"),
        ("sam@gmail.ca", "sam@gmail.com"),
        ("sam@northwestel.ca", "sam@northwestel.net"),
        ("sam@sympatico.com", "sam@sympatico.ca"),
        ("sam@mycompany.con", "sam@mycompany.com"),
        ("sam@tradefair.cs", "sam@tradefair.ca"),
    ],
)
def test_a_typing_error_is_corrected(typed: str, meant: str) -> None:
    assert suggested_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "sam", "@", "sam@example.org", "sam@firstnation.ca", "sam@whitehorse.ca", "sam@gov.yk.ca", "sam@gmail.fr",
     "sam@bird.com", "sam@lave.com", "sam@well.com", "sam@mail.gmail.example", "sam@gmale.org", "sam@outpost.com",
     "sam@mycompany.co", "sam@yahoo.cz", "sam@university.ac"],
)  # fmt: skip
def test_an_address_that_may_be_right_is_left_alone(typed: str) -> None:
    assert suggested_address(typed) == ""


def test_no_real_domain_is_corrected() -> None:
    real = [*KNOWN_DOMAINS, *NEIGHBOURS]
    assert [domain for domain in real if suggested_address(f"sam@{domain}")] == []


@pytest.mark.parametrize("start", ["<@", "(a@", "a", "a@", "a.", "[", " (", "a?"])
def test_a_text_of_any_length_is_read_in_one_pass(start: str) -> None:
    assert fault_in_address(clean_address(f"{start}{start[-1] * 300_000}@"))

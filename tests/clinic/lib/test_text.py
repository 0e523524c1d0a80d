import pytest
from django.utils.safestring import SafeString

from clinic.blocks.text import Words
from clinic.lib.telephone import digits_of, is_odd, normalised, phone_address, phone_links
from clinic.lib.text import email_in_line, in_a_sentence, running_text, whole_words
from clinic.models.details import DEFAULT_EMERGENCY_WORDING


def test_a_number_in_an_editors_words_dials_and_a_link_stays_that_link() -> None:
    html = Words("<p>Call 867-555-0142, or ask someone.</p>").__html__()
    assert html == '<p>Call <a class="phone" href="tel:+18675550142">867-555-0142</a>, or ask someone.</p>'
    html = running_text('<a href="tel:+18675550142">call <b>867-555-0142</b></a> (867) 667-5555')
    assert html.count("<a ") == 2
    assert '<b><span class="whole">867-555-0142</span></b></a>' in html


def test_e_mail_and_addresses_break_nowhere_else() -> None:
    html = running_text('<p>An e-mail to <a href="mailto:hello@example.org">hello@example.org</a>.</p>')
    assert '<span class="whole">e-mail</span>' in html
    assert '<a href="mailto:hello@example.org">hello<wbr>@example.org</a>' in html
    assert email_in_line("a<b@example.org") == "a&lt;b<wbr>@example.org"


def test_all_else_is_left_alone() -> None:
    for html in ("<p>In 411 people</p>", '<p title="867-555-0142">No. 12345</p>', "<p>H867-555-01424</p>", "voicemail"):
        assert running_text(html) == html


def test_a_word_with_a_hyphen_does_not_break_unless_it_is_long_or_an_address() -> None:
    for word in ("867-555-0123", "X-ray", "Follow-up", "hands-on", "meta-analysis"):
        assert whole_words(f"See “{word}”, or not.") == f'See “<span class="whole">{word}</span>”, or not.'
    addresses = ("front-desk@example.org", "www.x-ray.example", "https://example.org/x-ray/")
    for words in (*addresses, "well – known", "state-of-the-art"):
        assert whole_words(words) == words


def test_what_was_typed_is_escaped_and_rich_text_keeps_its_tags() -> None:
    assert whole_words(SafeString("<b>X-ray</b>")) == '<b><span class="whole">X-ray</span></b>'
    assert whole_words("<b>X-ray</b>") == '&lt;b&gt;<span class="whole">X-ray</span>&lt;/b&gt;'
    html = '<a href="/x-ray" title="an X-ray">an X-ray</a> then'
    expected = '<a href="/x-ray" title="an X-ray">an <span class="whole">X-ray</span></a> then'
    assert running_text(html) == expected
    assert Words("<p>An X-ray</p>").__html__() == '<p>An <span class="whole">X-ray</span></p>'


def test_a_title_begins_small_unless_its_first_word_is_a_name_or_an_abbreviation() -> None:
    for title, words in (("Manual therapy", "manual therapy"), ("Épicondylite", "épicondylite")):
        assert in_a_sentence(title) == words
    for title in ("IMS and dry needling", "X-ray results", "Bell’s palsy", ""):
        assert in_a_sentence(title) == title


def test_emergency_numbers_dial_what_is_no_number_is_left_alone_and_words_around_one_are_escaped() -> None:
    html = phone_links(DEFAULT_EMERGENCY_WORDING)
    for address in ("tel:911", "tel:811", "tel:+18676675555"):
        assert f'href="{address}"' in html
    for words in ("Room 1911", "page 911-2", "fees from $95", "12345", "H2911"):
        assert phone_links(words) == words
    html = phone_links("<b>call</b> 811")
    assert html.startswith('&lt;b&gt;call&lt;/b&gt;\N{NO-BREAK SPACE}<a class="phone" href="tel:811"')


@pytest.mark.parametrize("typed", ["867-555-0142", "cell: (867) 555 0142 ext. 3", "8675550142p3", "+1 867.555.0142"])
def test_one_number_has_the_same_digits_however_it_is_typed(typed: str) -> None:
    assert digits_of(typed) == "8675550142"
    assert phone_address(typed) == "tel:+18675550142"


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("1 867 555 0142 ext. 3", "+18675550142"),
        ("555-0142", "+18675550142"),
        ("604 555 0142", "+16045550142"),
        ("٨٦٧ ٥٥٥ ٠١٤٢", "+18675550142"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("(+47) 12 34 56 78", "+4712345678"),
        ("011 8816 234 56789", "+881623456789"),
        ("88216 234 56789", "+8821623456789"),
        # The digits that lead out of a country, further on in a number that stays in it.
        ("867-555-0111", "+18675550111"),
        ("(867) 633-7001", "+18676337001"),
    ],
)
def test_a_number_is_made_one_that_can_be_dialled(typed: str, dialled: str) -> None:
    assert normalised(typed) == dialled
    assert not is_odd(typed)


@pytest.mark.parametrize(
    "typed",
    ["0000000", "1234567", "867-055-0142", "867-911-0142", "911-555-0142", "12345678", "867-555-01422", "+1 555 0142",
     "+0 12345678", "+12", "9" * 40],
)  # fmt: skip
def test_nonsense_stays_empty_and_is_odd_and_no_number_is_not(typed: str) -> None:
    assert normalised(typed) == normalised("") == ""
    assert is_odd(typed)
    assert not is_odd(" ")

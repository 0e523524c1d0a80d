"""Text as pages show it: phone numbers can be dialled, and what belongs together stays on one line.

Only the text between the tags of finished HTML is changed, never anything inside a tag.
"""

import re
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from clinic.lib.telephone import FULL_NUMBER, phone_address

_AT = re.compile(r"(?<=\w)@(?=\w)")
_TAG = re.compile(r"(<[^>]*>)")
# “X-ray” reads as one word, and should not break after “X-”. At most thirteen characters: a longer word may need the
# break on a phone with large text. Not in an address, and not inside a tag (where the next angle bracket closes it).
_HYPHENATED = re.compile(
    r"(?<![\w@./#-])(?=[\w-]{3,13}(?![\w-]))[^\W\d_]+(?:-[^\W\d_]+)+(?![\w@/-]|\.\w)(?=[^<>]*(?:<|\Z))"
)

_LONG_WORD = re.compile(r"\w{11}")


# The same texts are rendered again and again, and change only when someone publishes.
@lru_cache(maxsize=1000)
def running_text(html: str) -> str:
    """Return the HTML with its phone numbers as links, and no line break inside numbers and words like “X-ray”.

    Short numbers are not linked: “in 411 people” is nothing to dial.
    """
    if FULL_NUMBER.search(html) or "@" in html:
        pieces = _TAG.split(html)
        in_link = False
        for index, piece in enumerate(pieces):
            if index % 2:
                in_link = piece.startswith(("<a ", "<a>")) or (in_link and piece != "</a>")
            else:
                pieces[index] = _AT.sub("<wbr>@", FULL_NUMBER.sub(_whole if in_link else _dialled, piece))
        html = "".join(pieces)
    return _HYPHENATED.sub(_whole, html) if "-" in html else html


@lru_cache(maxsize=1000, typed=True)  # the same characters may be marked as safe or not
def whole_words(text: str) -> SafeString:
    """Return the text, escaped, with no line break inside words like “X-ray” and phone numbers.

    This is done with an element, not with a non-breaking hyphen: search, copying and screen readers get the usual one.
    """
    html = FULL_NUMBER.sub(_whole, _HYPHENATED.sub(_whole, conditional_escape(text)))
    return mark_safe(html)  # noqa: S308  escaped above; only our own tags are added


def has_long_word(text: str) -> bool:
    """Say whether a word is too long for a phone's line in a heading of twice the usual size (`base.css`)."""
    return _LONG_WORD.search(text) is not None


def email_in_line(address: str) -> SafeString:
    """Return the address with a possible line break before its @."""
    name, _at, domain = address.rpartition("@")
    return format_html("{}<wbr>@{}", name, domain) if name else format_html("{}", address)


def in_a_sentence(title: str) -> str:
    """Return “Manual therapy” as “manual therapy”; “IMS and dry needling”, “X-ray” and “Bell’s palsy” as they are.

    A first word stays as it is when its second letter is a capital, or when it is a possessive: then it is a name.
    """
    first_word = title.partition(" ")[0]
    is_plain = first_word[1:2].islower() and not first_word.endswith(("’s", "'s"))
    return title[:1].lower() + title[1:] if is_plain else title


def _whole(found: re.Match[str]) -> str:
    return f'<span class="whole">{found[0]}</span>'


def _dialled(found: re.Match[str]) -> str:
    return f'<a class="phone" href="{phone_address(found[0])}">{found[0]}</a>'

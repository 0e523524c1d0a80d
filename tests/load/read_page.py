"""A page as a browser reads it: the words on it, and what a string has smuggled into it."""

import unicodedata
from html.parser import HTMLParser

TAG, ATTRIBUTE = "naughty-tag", "onnaughty"  # of the strings in hostile.toml


class Page(HTMLParser):
    """What a browser makes of a page: the values of its controls with the text around them, and whatever leaked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.leaks = "", 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.leaks += tag == TAG
        for name, value in attributes:
            runs = (value or "").strip().lower().startswith(f"javascript:{ATTRIBUTE}")
            self.leaks += name == ATTRIBUTE or (name in {"href", "src", "action"} and runs)
            self.words += f" {value}" if name == "value" else ""

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


def visible(text: str) -> str:
    """Return what ink there is in the text, however its characters are written."""
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in compatible if unicodedata.category(sign)[0] in "LNPS" and sign != "\u2800")

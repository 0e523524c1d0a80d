"""Reads a WordPress export (WXR 1.0 to 1.2): RSS with the content of each page, post and picture."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError
from zlib import crc32

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

NAMESPACE = "://wordpress.org/export/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
LISTS = {"category": "category", "post_tag": "tag"}
# XML allows no control characters, but what people pasted into WordPress has them.
FORBIDDEN = bytes.maketrans(bytes({*range(32)} - {9, 10, 13}), b" " * 29)


class Readable:
    """The file, with a blank in place of each character that no XML parser accepts."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def read(self, size: int = -1) -> bytes:
        return self.stream.read(size).translate(FORBIDDEN)


class ExportError(Exception):
    """The file cannot be read; the message says why, and at which line."""


@dataclass
class Item:
    """A page, post, picture or something else in the export."""

    number: int
    type: str
    title: str
    link: str
    name: str
    status: str
    parent: int
    date: str
    author: str
    content: str
    excerpt: str
    file_url: str
    meta: dict[str, str] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    """Addresses of the old site's lists that it was in, such as `/category/news/`."""

    @property
    def path(self) -> str:
        """Its address on the old site, such as `/ims/` or `/?page_id=7`."""
        parts = urlsplit(self.link)
        return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def read(file: Path) -> Iterator[Item]:
    """Yield each item, however large the file is. Raises `ExportError`."""
    is_wordpress = False
    try:
        with file.open("rb") as stream:
            for event, element in iterparse(Readable(stream), events=("start", "end")):
                is_wordpress = is_wordpress or NAMESPACE in element.tag
                if event == "end" and element.tag == "item":
                    if is_wordpress:
                        yield _item(element)
                    element.clear()
    except ParseError as error:
        line, column = error.position
        raise ExportError(
            f"{file.name} is broken or incomplete at line {line}, column {column}: export it again on the old site."
        ) from error
    except DefusedXmlException as error:
        raise ExportError(f"{file.name} declares entities, which no WordPress export does: it was not read.") from error
    except (OSError, ValueError) as error:
        raise ExportError(f"{file.name} cannot be read: {error}.") from error
    if not is_wordpress:
        raise ExportError(f"{file.name} is not a WordPress export (Tools → Export → All content).")


def _item(element: Element) -> Item:
    own: dict[str, str] = {}
    for child in element:
        namespace, _, name = child.tag.rpartition("}")
        if name == "encoded":
            name = "content" if CONTENT in namespace else "excerpt"
        own.setdefault(name, (child.text or "").strip("\0"))
    keys = ("meta_key", "meta_value")
    rows = [[_text(row, key) for key in keys] for row in element if row.tag.endswith("}postmeta")]
    return Item(
        number=_number(own.get("post_id", "")) or _number_in(own.get("guid", "") + own.get("link", "")),
        type=own.get("post_type", "post").strip(),
        title=own.get("title", "").strip(),
        link=own.get("link", "").strip(),
        name=own.get("post_name", "").strip(),
        status=own.get("status", "publish").strip(),
        parent=_number(own.get("post_parent", "")),
        date=own.get("post_date", "").strip(),
        author=own.get("creator", "").strip(),
        content=own.get("content", ""),
        excerpt=own.get("excerpt", ""),
        file_url=own.get("attachment_url", "").strip(),
        meta={key: value for key, value in rows if key},
        lists={f"/{LISTS[kind]}/{one.get('nicename')}/" for one in element if (kind := one.get("domain")) in LISTS},
    )


def _text(element: Element, name: str) -> str:
    return next((child.text or "" for child in element if child.tag.endswith(f"}}{name}")), "")


def _number_in(address: str) -> int:
    """Return the number in `/?p=7`; for an address without one, a number that only this address has."""
    found = re.search(r"[?&](?:p|page_id|attachment_id)=(\d+)", address)
    return int(found[1]) if found else -crc32(address.encode())


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() else 0

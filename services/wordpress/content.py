"""Turns the content of a WordPress page (classic, Gutenberg or a page builder's) into blocks of ours."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlsplit

import nh3
from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag

Block = tuple[str, Any]

SHORTCODE = re.compile(r"\[(/?)([a-z][a-z0-9_-]+)((?:\s+[^\[\]]*|=[^\[\]]*)?)/?\]", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S+))""")
FORMS = re.compile(
    r"contact-form|ninja_form|wpform|gravityform|formidable|caldera_form|forminator|fluentform|cf7|happyform|weform"
    r"|everest_form|quform|et_pb_contact_form|jotform"
)
DEAD = "No Fields Found."
# Shortcodes whose text is kept, because they only arrange it.
LAYOUT = re.compile(r"^(vc_|et_pb_|fusion_|fl_|av_|su_(row|column)|row$|col|section$|one_|two_|three_|div$|box$)")
VIDEO = re.compile(r"https?://(?:www\.|player\.)?(?:youtube\.com|youtu\.be|youtube-nocookie\.com|vimeo\.com)/\S+")
TEXT_TAGS = {"p", "h3", "b", "i", "strong", "em", "ul", "ol", "li", "a", "br"}
IN_TEXT = TEXT_TAGS | {"span", "u", "sup", "sub", "small", "code", "abbr", "mark", "font"}
DROPPED = re.compile("^(script|style|noscript|svg|input|button|select|textarea|hr|audio|object)$")
# Each has a method of its own, such as `read_table`.
BLOCKS = re.compile("^(blockquote|details|embed|figure|form|h[12456]|iframe|img|table|video)$")
QUESTION = re.compile("toggle|faq_item|accordion_item|accordion_tab|vc_tta_section|question")
BUTTON = re.compile("(^|_)(button|btn)$")
LONGEST_HEADING, LONGEST_QUESTION, LONGEST_QUOTE = 120, 160, 400


def _as_html(name: str, attributes: dict[str, str]) -> tuple[str, str] | None:
    """Return what a known shortcode begins and ends with as HTML."""

    def first(*names: str) -> str:
        return escape(next(filter(None, map(attributes.get, names)), ""))

    if name == "caption":
        return "<figure>", "</figure>"
    if QUESTION.search(name):
        return f"<details><summary>{first('title', 'question')}</summary>", "</details>"
    if BUTTON.search(name):
        return f'<a class="button" href="{first("url", "link", "href")}">{first("text", "title")}', "</a>"
    return None


@dataclass
class Content:
    """The blocks, and what the report says about the page."""

    blocks: list[Block] = field(default_factory=list)
    dead_forms: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    missing_pictures: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return BeautifulSoup(" ".join(map(str, self.blocks)), "html.parser").get_text(" ")


def convert(html: str, picture: Callable[[str], Any]) -> Content:
    """Return the content as blocks; `picture` returns the image of an address on the old site, or None."""
    reader = _Reader(picture)
    soup = BeautifulSoup(f"<!---->{reader.without_shortcodes(html)}", "html.parser")
    reader.read(soup.contents)
    reader.end_text()
    return reader.content


class _Reader:
    def __init__(self, picture: Callable[[str], Any]) -> None:
        self.content = Content()
        self.picture = picture
        self.html: list[str] = []

    def without_shortcodes(self, html: str) -> str:
        """Turn known shortcodes into HTML, and take out the others but for the text between them."""
        for dead in (DEAD, DEAD.replace(" ", "&nbsp;")):
            if dead in html:
                self.content.dead_forms.append(DEAD)
                html = html.replace(dead, "")
        closed = {match[2].lower() for match in SHORTCODE.finditer(html) if match[1]}
        return SHORTCODE.sub(lambda match: self._shortcode(match, closed), html)

    def _shortcode(self, match: re.Match[str], closed: set[str]) -> str:
        is_end, name = bool(match[1]), match[2].lower()
        attributes = {one[1].lower(): one[2] or one[3] or one[4] or "" for one in ATTRIBUTE.finditer(match[3])}
        if FORMS.search(name):
            self.content.dead_forms += [] if is_end else [match[0]]
            return ""
        if not (attributes or name in closed or "_" in name or "-" in name):
            return match[0]  # “[sic]” is text
        if known := _as_html(name, attributes):
            begin, end = known
            return end if is_end else begin + ("" if name in closed else end)
        if not (is_end or LAYOUT.match(name)):
            self.content.unknown[name] += 1
        return "\n\n"

    def read(self, nodes: Iterable[PageElement]) -> None:
        for node in nodes:
            if isinstance(node, Comment):
                continue
            if isinstance(node, NavigableString):
                self._plain(str(node))
            elif isinstance(node, Tag):
                self._tag(node)

    def _plain(self, text: str) -> None:
        """Add text that is in no element: an empty line begins a paragraph."""
        if (address := text.strip()) and VIDEO.fullmatch(address):
            self.add("video_link", {"title": "Video", "url": address})
            return
        first, *others = re.split(r"\n\s*\n", text)
        self.html.append(escape(first, quote=False))
        for paragraph in others:
            self.html += ["</p><p>", escape(paragraph, quote=False)]

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if DROPPED.match(name):
            return
        if name == "a" and "button" in " ".join(tag.get("class") or []) and _text(tag):
            target = str(tag.get("href", ""))
            self.content.links.append(target)
            self.add("button", {"text": _text(tag)[:40], "url": target if target.startswith("http") else ""})
        elif BLOCKS.match(name):
            getattr(self, f"read_{name}")(tag)
        elif name in IN_TEXT and not tag.find(BLOCKS):
            self.content.links += [str(link.get("href", "")) for link in [tag, *tag.find_all("a")] if link.name == "a"]
            self.html.append(str(tag))
        else:
            self.read(list(tag.contents))

    def read_form(self, _tag: Tag) -> None:
        self.content.dead_forms.append("<form>")

    def read_h1(self, tag: Tag) -> None:
        self.add("heading", _text(tag)[:LONGEST_HEADING])

    read_h2 = read_h1

    def read_h4(self, tag: Tag) -> None:
        self.html.append(f"<h3>{escape(_text(tag), quote=False)}</h3>")

    read_h5 = read_h6 = read_h4

    def read_blockquote(self, tag: Tag) -> None:
        source = tag.find("cite")
        by = _text(source.extract()) if isinstance(source, Tag) else ""
        self.add("quote", {"text": _text(tag)[:LONGEST_QUOTE], "source": by[:160]})

    def read_table(self, tag: Tag) -> None:
        rows = [" · ".join(filter(None, map(_text, row.find_all(["td", "th"])))) for row in tag.find_all("tr")]
        self.html.append("<ul>" + "".join(f"<li>{escape(row)}</li>" for row in rows if row) + "</ul>")

    def read_iframe(self, tag: Tag) -> None:
        source = tag if tag.get("src") else tag.find("source")
        address = str(source.get("src", "")) if isinstance(source, Tag) else ""
        if address.startswith("http"):
            self.add("video_link", {"title": (str(tag.get("title", "")) or "Video")[:120], "url": address})

    read_video = read_embed = read_iframe

    def read_figure(self, tag: Tag) -> None:
        image = tag.find("img")
        if isinstance(image, Tag):
            image.extract()
            self.read_img(image, _text(tag)[:200])
        else:
            self.read(list(tag.contents))

    def read_img(self, tag: Tag, caption: str = "") -> None:
        address = str(tag.get("data-src") or tag.get("src") or "")
        image = self.picture(address)
        if image is None:
            self.content.missing_pictures.append(address)
        else:
            self.add("image", {"image": image, "caption": caption})

    def read_details(self, tag: Tag) -> None:
        summary = tag.find("summary")
        question = _text(summary.extract())[:LONGEST_QUESTION] if isinstance(summary, Tag) else ""
        row = {"question": question, "answer": clean(tag.decode_contents())}
        self.end_text()
        if self.content.blocks and self.content.blocks[-1][0] == "questions":
            self.content.blocks[-1][1]["questions"].append(row)
        else:
            self.content.blocks.append(("questions", {"questions": [row]}))

    def add(self, kind: str, value: Any) -> None:
        self.end_text()
        if value:
            self.content.blocks.append((kind, value))

    def end_text(self) -> None:
        """Close the text block that has been collected."""
        html, self.html = clean("".join(self.html)), []
        if html:
            self.content.blocks.append(("text", html))


def clean(html: str) -> str:
    """Return the HTML with what a text block allows, each loose text in a paragraph; empty if it says nothing."""
    safe = nh3.clean(
        html, tags=TEXT_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None
    )
    paragraphs: list[str] = []
    loose = ""
    for node in [*BeautifulSoup(safe, "html.parser").contents, None]:
        if isinstance(node, NavigableString) or (isinstance(node, Tag) and node.name not in {"p", "h3", "ul", "ol"}):
            loose += str(node)
            continue
        paragraphs += [f"<p>{text.strip()}</p>" for text in re.split(r"\n\s*\n|</?p>", loose) if text.strip()]
        loose = ""
        if isinstance(node, Tag) and _text(node):
            paragraphs.append(str(node))
    return "".join(paragraphs)


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def path_of(address: str, host: str) -> str | None:
    """Return the path of an address on the old site; None for another site's, a phone number and the like."""
    parts = urlsplit(address)
    is_own = parts.netloc.removeprefix("www.") in {"", host.removeprefix("www.")}
    if not is_own or parts.scheme not in {"", "http", "https"}:
        return None
    return parts._replace(scheme="", netloc="", fragment="").geturl()

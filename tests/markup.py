"""A page's markup as tests ask about it."""

from html.parser import HTMLParser
from typing import NamedTuple

# Elements that have no end tag.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Links that make a browser fetch, or connect to, their address.
FETCHED = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "manifest", "modulepreload"}
# Where several addresses stand from which the browser chooses.
WITH_SETS = [("source", "srcset"), ("img", "srcset"), ("link", "imagesrcset")]


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]


class Markup(HTMLParser):
    """`elements` in their order, and the text of the elements of one kind by `texts("h1")`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[str] = []
        self._texts: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        self._texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self._texts[tag][-1] += data

    def texts(self, tag: str) -> list[str]:
        """Return the text of each such element, blanks taken together."""
        return [" ".join(text.split()) for text in self._texts.get(tag, [])]

    def attributes(self, tag: str, name: str) -> list[str]:
        """Return the values of this attribute on elements of this kind; elements without it are passed over."""
        return [
            element.attributes[name] for element in self.elements if element.tag == tag and name in element.attributes
        ]

    def metas(self) -> dict[str, str]:
        """Return the contents of the page's meta elements by their name or property."""
        found = [values for tag, values in self.elements if tag == "meta" and "content" in values]
        return {values.get("name") or values["property"]: values["content"] for values in found}

    def links(self, kind: str) -> list[str]:
        return [values["href"] for tag, values in self.elements if tag == "link" and values["rel"] == kind]

    def hidden_inputs(self) -> dict[str, str]:
        """Return the names and values that a browser sends from the page's hidden inputs."""
        inputs = [element.attributes for element in self.elements if element.attributes.get("type") == "hidden"]
        return {attributes["name"]: attributes.get("value", "") for attributes in inputs}

    def loaded(self) -> list[str]:
        """Return the addresses that a browser fetches by itself while it draws the page."""
        found = [values[name] for _, values in self.elements for name in ("src", "poster", "data") if name in values]
        sets = [value for kind, name in WITH_SETS for value in self.attributes(kind, name)]
        found += [candidate.split()[0] for value in sets for candidate in value.split(",")]
        links = (values for kind, values in self.elements if kind == "link")
        # A picture that is fetched ahead is named by its set alone.
        return found + [link["href"] for link in links if "href" in link and FETCHED & set(link.get("rel", "").split())]

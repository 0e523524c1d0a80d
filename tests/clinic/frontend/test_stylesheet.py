"""The one sheet that every page carries."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rcssmin
from django.contrib.staticfiles import finders
from django.template import Context, Template

from clinic.frontend import stylesheet as module
from clinic.frontend.stylesheet import Stylesheet, stylesheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sheet in a folder of its own, in place of the clinic's."""
    path = tmp_path / "site.css"
    monkeypatch.setattr(finders, "find", lambda _name: str(path))
    module._read_once.cache_clear()
    yield path
    module._read_once.cache_clear()


def test_the_parts_stand_in_the_order_of_their_imports_each_in_its_layer(sheet: Path) -> None:
    sheet.write_text(
        "@layer reset, parts;\n"
        '@import url("base.css") layer(reset);\n'
        '@import url("parts/card.css") layer(parts.card);\n'
        '@import url("print.css");\n'
    )
    (sheet.parent / "base.css").write_text("/* a remark */\nbody {\n  margin: 0;\n}\n")
    (sheet.parent / "parts").mkdir()
    (sheet.parent / "parts" / "card.css").write_text(".card { color: var(--ink) }")
    (sheet.parent / "print.css").write_text("@media print { nav { display: none } }")
    assert stylesheet().text == (
        "@layer reset,parts;@layer reset{body{margin:0}}@layer parts.card{.card{color:var(--ink)}}"
        "@media print{nav{display:none}}"
    )


def test_a_missing_part_is_an_error(sheet: Path) -> None:
    sheet.write_text('@import url("gone.css");')
    with pytest.raises(FileNotFoundError):
        stylesheet()


def test_a_missing_sheet_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders, "find", lambda _name: None)
    with pytest.raises(FileNotFoundError):
        module._read()


def test_the_sheet_is_read_once_and_while_developing_each_time(sheet: Path, settings: Settings) -> None:
    sheet.write_text("a{b:c}")
    assert stylesheet().text == "a{b:c}"
    sheet.write_text("d{e:f}")
    assert stylesheet().text == "a{b:c}"
    settings.DEBUG = True
    assert stylesheet().text == "d{e:f}"


def test_the_sheet_cannot_end_its_own_element(sheet: Path) -> None:
    sheet.write_text('p{content:"</style><script>"}')
    assert "</" not in stylesheet().text


def test_the_policy_names_the_sheet_by_its_hash() -> None:
    digest = base64.b64encode(hashlib.sha256("p{color:téal}".encode()).digest()).decode()
    assert Stylesheet("p{color:téal}").csp_source == f"'sha256-{digest}'"


def test_the_clinics_sheet_is_put_together_whole() -> None:
    text = stylesheet().text
    assert "@import" not in text
    assert "/*" not in text
    assert text.count("{") == text.count("}")
    assert len(text.encode()) < 60_000


def test_the_sheet_loads_nothing_from_elsewhere() -> None:
    assert "http" not in stylesheet().text.replace("http://www.w3.org/2000/svg", "")


def test_the_sheet_stands_in_the_page_as_it_is() -> None:
    page = Template("{% load clinic_tags %}{% inline_stylesheet %}").render(Context())
    assert page == f"<style>{stylesheet().text}</style>"


def test_no_selector_changes_its_meaning_on_the_way() -> None:
    """A trap: `.a :focus` (something inside) becomes `.a:focus` (the thing itself) in rcssmin; write `.a *:focus`."""
    folder = Path(str(finders.find(module.SHEET))).parent
    for path in sorted(folder.rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        before, after = heads(text), heads(str(rcssmin.cssmin(text)))
        assert after == before, path.name


def heads(css: str) -> list[str]:
    """Return what stands before each brace: selectors, or an at-rule's condition."""
    return [tightened(head.split(";")[-1]) for head in re.findall(r"([^{}]+)\{", css)]


def tightened(head: str) -> str:
    """Return the selectors without blanks that mean nothing; one before a colon means “something inside”."""
    head = re.sub(r"\s+", " ", head).strip()
    head = re.sub(r"\s*([,>+~])\s*", r"\1", head)
    return re.sub(r": ", ":", head)

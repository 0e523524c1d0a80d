"""A page carries only the rules that can apply to it, and never one too few."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from clinic.frontend.stylesheet import Stylesheet, names_in, rules_for, stylesheet, without_unused_properties

ROOT = Path(__file__).resolve().parents[3]


def reduced(css: str, html: str) -> str:
    return Stylesheet(css).for_names(names_in(html)).text


@pytest.mark.parametrize(
    ("selector", "html"),
    [
        (".card h2", '<p class="card"><h2>'),
        (".card>.card__words+p~b", '<p class="card card__words"><b>'),
        ("summary::-webkit-details-marker", "<summary>"),
        (".hidden:not(:focus)", '<p class="hidden">'),
        (":is(.a,.b:not(.c)) li:nth-child(2n + 1)", "<li>"),
        ('.field input:not([type="radio"],[type="checkbox"])', '<p class="field"><input>'),
        ('a[title="x,y"]', "<a>"),
    ],
)
def test_a_rule_stays_where_the_page_has_what_its_selector_asks_for(selector: str, html: str) -> None:
    css = f"{selector},.gone{{margin:0}}"
    assert reduced(css, html) == f"{selector}{{margin:0}}"
    assert reduced(css, "<em>") == ""


def test_an_empty_group_is_dropped_and_layers_keep_their_order() -> None:
    gone = "@media print{.gone{margin:0}}", "@layer b{.gone{color:red}}@container (max-width:9rem){.gone{color:red}}"
    css = f"@layer a,b;@layer a{{p{{margin:0}}{gone[0]}}}{gone[1]}@media print{{p{{margin:1px}}}}"
    assert reduced(css, "<p>") == "@layer a,b;@layer a{p{margin:0}}@media print{p{margin:1px}}"


def test_at_rules_without_selectors_are_included_whole() -> None:
    css = "@font-face{font-family:x}@page{margin:1cm}@keyframes a{from{color:red}.5%{color:blue}}"
    assert reduced(f"{css}p{{margin:0}}", "<div>") == css


def test_unused_custom_properties_are_dropped() -> None:
    css = ":root{--a:1px;--b:var(--a);--c:2px}p{margin:var(--c)}"
    assert without_unused_properties(css) == ":root{--c:2px}p{margin:var(--c)}"
    modifier = ".card--urgent:has(+ .card){margin:0}"  # which only looks like a property
    assert without_unused_properties(modifier) == modifier


def test_a_page_that_has_everything_gets_the_clinics_whole_sheet() -> None:
    sheet = stylesheet()
    everything = frozenset(re.findall(r"[.#]?[a-zA-Z_][\w-]*", sheet.text))
    assert rules_for(sheet.text, everything) == sheet.text


def test_the_sheet_reads_no_custom_property_that_is_not_set_nor_do_drawings_in_files_of_their_own() -> None:
    text = stylesheet().text
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) - set(re.findall(r"(--[\w-]+):", text)) == set()
    page = render_to_string("500.html", {"clinic": {"name": "Clinic"}}) + '<figure class="drawing"><svg></svg></figure>'
    on_every_page = set(re.findall(r"(--[\w-]+):", stylesheet().for_names(names_in(page)).text))
    drawn = [
        name
        for folder in ("clinic/static/clinic/img", "services/static/services/img")
        for file in (ROOT / folder).glob("*.svg")
        for name in re.findall(r"var\((--[\w-]+)\)", file.read_text())
    ]
    assert drawn
    assert set(drawn) - on_every_page == set()

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rcssmin
from django.template.loader import render_to_string
from pytest_django import Settings

from clinic.frontend import stylesheet as module
from clinic.frontend.stylesheet import Stylesheet, names_in, rules_for, stylesheet, without_unused_properties


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only file of the sheet, in place of those of the apps."""
    path = tmp_path / "tokens.css"
    monkeypatch.setattr(module, "files", lambda layer: tmp_path.glob(f"{layer}.css"))
    module._read_once.cache_clear()
    yield path
    module._read_once.cache_clear()


def test_layers_come_in_order_and_in_each_of_them_the_clinic_comes_first() -> None:
    names = [path.relative_to(module.OUR_APPS).parts for layer in module.LAYERS for path in module.files(layer)]
    assert [parts[-1] for parts in names[:3]] == ["tokens.css", "base.css", "layout.css"]
    assert list(dict.fromkeys(parts[0] for parts in names[3:-1])) == ["clinic", "services", "contact"]
    assert names[-1][-1] == "print.css"


def test_no_style_sheet_is_in_another_app_than_its_templates() -> None:
    """A class that only one app's templates use is styled in that app."""
    for app in ("services", "contact"):
        own = "".join(path.read_text() for path in (module.OUR_APPS / app / "templates").rglob("*.html"))
        for path in (module.OUR_APPS / app / "static" / app / "css" / "components").glob("*.css"):
            blocks = set(re.findall(r"\.([a-z-]+)(?:__|--|\b)", path.read_text()))
            assert any(block in own for block in blocks), path.name


def test_the_sheet_is_read_once_or_each_time_while_developing_and_cannot_end_its_own_element(
    sheet: Path, settings: Settings
) -> None:
    sheet.write_text("a{b:c}")
    assert stylesheet().text.startswith("@layer tokens{a{b:c}}")
    sheet.write_text("d{e:f}")
    assert stylesheet().text.startswith("@layer tokens{a{b:c}}")
    settings.WHITENOISE_AUTOREFRESH = True
    assert stylesheet().text.startswith("@layer tokens{d{e:f}}")
    sheet.write_text('p{content:"</style><script>"}')
    assert "</" not in stylesheet().text


def test_no_selector_changes_its_meaning_on_the_way() -> None:
    """A trap: `.a :focus` (something inside) becomes `.a:focus` (the thing itself) in rcssmin; write `.a *:focus`."""
    for path in (path for layer in module.LAYERS for path in module.files(layer)):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        something_inside = re.compile(r"[\w)\]*] :[a-z-]+")
        assert something_inside.findall(str(rcssmin.cssmin(text))) == something_inside.findall(text), path.name


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


def test_an_empty_group_is_dropped_layers_keep_their_order_and_at_rules_without_selectors_stay() -> None:
    whole = "@font-face{font-family:x}@page{margin:1cm}@keyframes a{from{color:red}.5%{color:blue}}"
    assert reduced(f"{whole}p{{margin:0}}", "<div>") == whole
    gone = "@media print{.gone{margin:0}}", "@layer b{.gone{color:red}}@container (max-width:9rem){.gone{color:red}}"
    css = f"@layer a,b;@layer a{{p{{margin:0}}{gone[0]}}}{gone[1]}@media print{{p{{margin:1px}}}}"
    assert reduced(css, "<p>") == "@layer a,b;@layer a{p{margin:0}}@media print{p{margin:1px}}"


def test_unused_custom_properties_are_dropped() -> None:
    css = ":root{--a:1px;--b:var(--a);--c:2px}p{margin:var(--c)}"
    assert without_unused_properties(css) == ":root{--c:2px}p{margin:var(--c)}"
    modifier = ".card--urgent:has(+ .card){margin:0}"  # which only looks like a property
    assert without_unused_properties(modifier) == modifier


def test_a_page_that_has_everything_gets_the_whole_sheet_which_loads_nothing_from_elsewhere() -> None:
    text = stylesheet().text
    assert rules_for(text, frozenset(re.findall(r"[.#]?[a-zA-Z_][\w-]*", text))) == text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_neither_the_sheet_nor_a_drawing_reads_a_custom_property_that_is_not_set() -> None:
    text = stylesheet().text
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) - set(re.findall(r"(--[\w-]+):", text)) == set()
    page = render_to_string("500.html", {"clinic": {"name": "Clinic"}}) + '<figure class="drawing"><svg></svg></figure>'
    on_every_page = set(re.findall(r"(--[\w-]+):", stylesheet().for_names(names_in(page)).text))
    drawings = [
        file for app in ("clinic", "services") for file in module.OUR_APPS.glob(f"{app}/static/{app}/img/*.svg")
    ]
    drawn = {name for file in drawings for name in re.findall(r"var\((--[\w-]+)\)", file.read_text())}
    assert drawn
    assert drawn - on_every_page == set()

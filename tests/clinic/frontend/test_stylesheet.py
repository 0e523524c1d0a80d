"""The one sheet that every page carries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rcssmin
from pytest_django import Settings

from clinic.frontend import stylesheet as module
from clinic.frontend.stylesheet import stylesheet


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


def test_the_sheet_is_read_once_and_while_developing_each_time(sheet: Path, settings: Settings) -> None:
    sheet.write_text("a{b:c}")
    assert stylesheet().text.startswith("@layer tokens{a{b:c}}")
    sheet.write_text("d{e:f}")
    assert stylesheet().text.startswith("@layer tokens{a{b:c}}")
    settings.WHITENOISE_AUTOREFRESH = True
    assert stylesheet().text.startswith("@layer tokens{d{e:f}}")


def test_the_sheet_cannot_end_its_own_element(sheet: Path) -> None:
    sheet.write_text('p{content:"</style><script>"}')
    assert "</" not in stylesheet().text


def test_the_sheet_loads_nothing_from_elsewhere() -> None:
    assert "http" not in stylesheet().text.replace("http://www.w3.org/2000/svg", "")


def test_no_selector_changes_its_meaning_on_the_way() -> None:
    """A trap: `.a :focus` (something inside) becomes `.a:focus` (the thing itself) in rcssmin; write `.a *:focus`."""
    for path in (path for layer in module.LAYERS for path in module.files(layer)):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        something_inside = re.compile(r"[\w)\]*] :[a-z-]+")
        assert something_inside.findall(str(rcssmin.cssmin(text))) == something_inside.findall(text), path.name

"""Every setting has a reader."""

import re
from importlib import import_module
from pathlib import Path

from clinic.settings import base

ROOT = Path(__file__).resolve().parents[3]


def test_every_setting_we_set_is_read_by_something() -> None:
    ours = {name for name in dir(base) if name.isupper()}
    folders = [ROOT / app for app in ("clinic", "contact", "services")]
    folders += [
        Path(import_module(name).__file__ or "").parent
        for name in ("django", "wagtail", "taggit", "axes", "whitenoise")
    ]
    words: set[str] = set()
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        # Not where settings are only set: our own, Django's defaults, and tests.
        if not {"settings", "global_settings.py", "test", "tests"} & set(file.parts):
            words |= ours & set(re.findall(r"[A-Z][A-Z0-9_]+", file.read_text(encoding="utf-8")))
    assert ours - words == set()

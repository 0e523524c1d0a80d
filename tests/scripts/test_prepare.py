"""Making `.venv` on a machine where something is missing: one sentence each time, and nothing left half done."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from scripts import prepare

ROOT = Path(__file__).resolve().parents[2]

# A Python 3.12 as far as the script asks: its version, its build, and `-m venv`, which copies it.
WORKING = """
case "$*" in
  -m\\ venv*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python";;
  -m\\ pip*) echo "$@" >> "$(dirname "$0")/pip-calls";;
  *base_prefix*) echo "$0" | cksum;;
  *) echo 3.12;;
esac
"""


def fake_python(path: Path, script: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def working(tmp_path: Path) -> str:
    return fake_python(tmp_path / "python3.12", WORKING)


@pytest.fixture
def without_venv(tmp_path: Path) -> str:
    """Return a Python 3.12 as Debian ships it without python3-venv."""
    return fake_python(tmp_path / "bare", 'case "$2" in *ensurepip*) exit 1;; *) echo 3.12;; esac\n')


def make_without_variables(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell, without what the make above this test run hands down."""
    environ = {name: value for name, value in os.environ.items() if name not in {"PYTHON", "MAKEFLAGS", "MAKELEVEL"}}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_a_machine_without_a_supported_python_is_told_which_it_needs(tmp_path: Path) -> None:
    old = fake_python(tmp_path / "python3", "echo 3.9\n")
    with pytest.raises(prepare.CannotPrepare, match=r"needs Python 3.11, 3.12 or 3.13 and found only 3.9: install"):
        prepare.find_python([old, "no-such-python"])
    with pytest.raises(prepare.CannotPrepare, match="and found none: install"):
        prepare.find_python(["no-such-python"])


def test_a_python_without_the_venv_module_is_told_the_package(without_venv: str, working: str) -> None:
    with pytest.raises(prepare.CannotPrepare, match=r"python3.12 has no venv module: .*apt install python3.12-venv"):
        prepare.find_python([without_venv])
    assert prepare.find_python([without_venv, working]) == working


def test_a_half_made_environment_is_made_anew_and_a_working_one_is_kept(tmp_path: Path, working: str) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    fake_python(python, 'case "$2" in *importlib*) exit 1;; *) echo 3.12;; esac\n')
    prepare.make_venv(tmp_path / "venv", [working])
    assert python.read_text() == Path(working).read_text()
    prepare.make_venv(tmp_path / "venv", [])  # no Python is looked for


def test_an_environment_of_another_python_is_kept_unless_a_python_was_named(tmp_path: Path, working: str) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    other = fake_python(tmp_path / "other", WORKING + "# another build\n")
    prepare.make_venv(tmp_path / "venv", [other])
    prepare.make_venv(tmp_path / "venv", [working])
    assert "another build" in python.read_text()
    prepare.make_venv(tmp_path / "venv", [working], this_python=True)
    assert "another build" not in python.read_text()


def test_a_named_python_that_will_not_do_is_not_replaced_by_another(without_venv: str, working: str) -> None:
    with pytest.raises(prepare.CannotPrepare, match="has no venv module"):
        prepare.make_venv(ROOT / "no-such-venv", [without_venv, working], this_python=True)


def test_make_tells_whether_a_python_was_named() -> None:
    assert "--this-python" not in make_without_variables("--dry-run", "run").stdout
    assert "python3.12 -m scripts.prepare --this-python runtime" in (
        make_without_variables("--dry-run", "run", "PYTHON=python3.12").stdout
    )


def test_an_environment_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    python = fake_python(tmp_path / "python3.12", 'case "$2" in venv) echo no room; exit 1;; *) echo 3.12;; esac\n')
    with pytest.raises(prepare.CannotPrepare, match="venv cannot be made: no room"):
        prepare.make_venv(tmp_path / "venv", [python])


def test_another_users_environment_is_not_touched(
    tmp_path: Path, working: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_python(tmp_path / "venv" / "bin" / "python", "exit 1\n")
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    owner = tmp_path.owner()
    with pytest.raises(prepare.CannotPrepare, match=f"venv belongs to {owner} and cannot be changed: run this as"):
        prepare.make_venv(tmp_path / "venv", [working])


def test_requirements_are_installed_once_and_again_when_they_change(tmp_path: Path) -> None:
    fake_python(tmp_path / "venv" / "bin" / "python", WORKING)
    requirements = tmp_path / "requirements.txt"
    for content in ("one", "one", "two"):
        requirements.write_text(content)
        prepare.install(tmp_path / "venv", requirements)
    calls = (tmp_path / "venv" / "bin" / "pip-calls").read_text().splitlines()
    assert len(calls) == 2
    assert all("--require-hashes" in call for call in calls)


def test_a_failed_installation_gives_pips_own_reason_and_is_tried_again(tmp_path: Path) -> None:
    output = "Collecting wagtail\nERROR: No matching distribution found for wagtail\n[notice] A new release of pip\n"
    fake_python(tmp_path / "venv" / "bin" / "python", f"echo '{output}'\nexit 1\n")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("wagtail\n")
    for _attempt in range(2):
        with pytest.raises(prepare.CannotPrepare, match=r"installed: ERROR: No matching distribution .* wagtail$"):
            prepare.install(tmp_path / "venv", requirements)


def test_every_pinned_package_accepts_the_oldest_python() -> None:
    """`make lock` compiles for 3.11.0, not for the Python that happens to run it: Debian 12 has 3.11.2."""
    oldest = {"python_version": "3.11", "python_full_version": "3.11.0"}
    files = [ROOT / "requirements.txt", *(ROOT / "requirements").glob("*.txt")]
    lines = re.findall(r"^(\w.+?) *\\$", "".join(file.read_text() for file in files), re.MULTILINE)
    pins = {
        (canonicalize_name(pin.name), str(pin.specifier).removeprefix("=="))
        for pin in map(Requirement, lines)
        if not pin.marker or pin.marker.evaluate(oldest)
    }
    too_new = [
        distribution.name
        for distribution in distributions()
        if (canonicalize_name(distribution.name), distribution.version) in pins
        and not SpecifierSet(str(distribution.metadata.json.get("requires_python", ""))).contains("3.11.0")
    ]
    assert too_new == []


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", "/srv/clinic/.venv")

    monkeypatch.setattr(prepare, "make_venv", refuse)
    assert prepare.main(["runtime"]) == "/srv/clinic/.venv: Permission denied."


def test_the_first_step_is_written_in_the_words_of_an_old_python() -> None:
    ast.parse((ROOT / "scripts" / "prepare.py").read_text(), feature_version=(3, 7))


def test_a_python_that_cannot_read_the_scripts_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = fake_python(tmp_path / "python2", "echo SyntaxError >&2\nexit 1\n")
    done = make_without_variables("python", f"PYTHON={old}")
    assert done.returncode
    assert done.stdout == (
        f"{old} is missing or too old: the site needs Python 3.11, 3.12 or 3.13; name one with PYTHON=…\n"
    )

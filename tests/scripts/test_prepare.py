"""Making `.venv` on a machine where something is missing: one sentence each time, and nothing half done."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import prepare

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def fake_python(tmp_path: Path) -> str:
    """Return a Python 3.12 that cannot make virtual environments, as Debian ships it without python3-venv."""
    path = tmp_path / "python3.12"
    path.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *) echo 3.12;; esac\n')
    path.chmod(0o755)
    return str(path)


def test_a_machine_without_a_supported_python_is_told_which_it_needs(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3.9\n")
    old.chmod(0o755)
    with pytest.raises(prepare.CannotPrepare, match=r"needs Python 3.11, 3.12 or 3.13 and found only 3.9: install"):
        prepare.find_python([str(old), "no-such-python"])
    with pytest.raises(prepare.CannotPrepare, match="and found none: install"):
        prepare.find_python(["no-such-python"])


def test_a_python_without_the_venv_module_is_told_the_package(fake_python: str) -> None:
    with pytest.raises(prepare.CannotPrepare, match=r"python3.12 has no venv module: .* apt install python3.12-venv"):
        prepare.find_python([fake_python])


def test_another_python_is_taken_where_the_first_will_not_do(fake_python: str) -> None:
    assert prepare.find_python([fake_python, sys.executable]) == sys.executable


def test_the_environment_is_made_once_and_a_failure_says_why(tmp_path: Path) -> None:
    python = tmp_path / "python3.12"
    python.write_text(
        "#!/bin/sh\n"
        'case "$2" in\n'
        '  venv) test -d "$(dirname "$4")" || { echo no room; exit 1; }\n'
        '        mkdir -p "$4/bin" && cp "$0" "$4/bin/python";;\n'
        "  *) echo 3.12;;\n"
        "esac\n",
    )
    python.chmod(0o755)
    prepare.make_venv(tmp_path / "venv", [str(python)])
    prepare.make_venv(tmp_path / "venv", [])  # it is there: no Python is looked for
    with pytest.raises(prepare.CannotPrepare, match="missing/venv cannot be made: no room"):
        prepare.make_venv(tmp_path / "missing" / "venv", [str(python)])


def test_requirements_are_installed_once_and_again_when_they_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    calls = tmp_path / "calls"
    (venv / "bin" / "python").write_text(f'#!/bin/sh\necho "$@" >> {calls}\n')
    (venv / "bin" / "python").chmod(0o755)
    requirements = tmp_path / "requirements.txt"
    for content in ("one", "one", "two"):
        requirements.write_text(content)
        prepare.install(venv, requirements)
    asked = calls.read_text().splitlines()
    assert len(asked) == 2
    assert all("--require-hashes" in line for line in asked)
    assert capsys.readouterr().out.count("Installing") == 2


def test_a_failed_installation_says_why_and_is_tried_again(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").write_text("#!/bin/sh\necho ERROR: No matching distribution found for wagtail\nexit 1\n")
    (venv / "bin" / "python").chmod(0o755)
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("wagtail\n")
    for _attempt in range(2):
        with pytest.raises(prepare.CannotPrepare, match="cannot be installed: ERROR: No matching distribution"):
            prepare.install(venv, requirements)


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_venv: Path, _candidates: list[str]) -> None:
        raise PermissionError(13, "Permission denied", "/srv/clinic/.venv")

    monkeypatch.setattr(prepare, "make_venv", refuse)
    assert prepare.main(["runtime"]) == "Cannot write to /srv/clinic/.venv: Permission denied."


def test_the_first_step_is_written_in_the_words_of_an_old_python() -> None:
    ast.parse((ROOT / "scripts" / "prepare.py").read_text(), feature_version=(3, 7))


def test_a_python_too_old_to_read_the_scripts_is_told_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    # Under `make test` a make would say which folder it enters.
    command = ["make", "--no-print-directory", "python", f"PYTHON={old}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode
    assert done.stdout == f"{old} is too old: name another one with PYTHON=python3.\n"

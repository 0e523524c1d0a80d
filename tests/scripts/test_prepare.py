import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts import prepare
from tests.another_process import ROOT


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prepare, "VENV", tmp_path / "venv")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    return tmp_path / "venv"


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands that would change `.venv`; none of them runs."""
    commands: list[list[str]] = []
    monkeypatch.setattr(prepare, "run", lambda command, _failure: commands.append(command))
    return commands


def write_python(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell, without the variables of the make that runs the tests."""
    environ = {name: value for name, value in os.environ.items() if name not in {"PYTHON", "MAKEFLAGS", "MAKELEVEL"}}
    command = ["make", f"--file={ROOT / 'Makefile'}", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def test_an_unsupported_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = write_python(tmp_path / "python2", "echo SyntaxError >&2; exit 1")
    done = make("python", f"PYTHON={old}")
    assert done.returncode
    assert done.stdout.startswith(f"The site needs Python 3.11, 3.12 or 3.13, and {old} is not one of these:")
    assert done.stdout.count("\n") == 1


def test_a_python_without_the_venv_module_names_the_package(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match=r"python3\.1\d has no venv module: .* apt install python3\.1\d-venv"):
        prepare.make_venv(this_python=False)


@pytest.mark.parametrize("this_python", [False, True])
def test_a_working_environment_is_replaced_only_if_another_python_was_named(
    venv: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, this_python: bool
) -> None:
    write_python(venv / "bin" / "python", "echo 3.12.0 /opt/another")
    prepare.make_venv(this_python)
    assert bool(commands) is this_python
    commands.clear()
    monkeypatch.setattr(prepare, "VENV", Path(sys.prefix))  # made with the Python that runs this
    prepare.make_venv(this_python)
    assert commands == []


def test_a_half_made_environment_is_replaced(venv: Path, commands: list[list[str]]) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    prepare.make_venv(this_python=False)
    assert commands == [[sys.executable, "-m", "venv", "--clear", str(venv)]]


def test_another_users_environment_is_not_touched(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    with pytest.raises(SystemExit, match=f"venv belongs to user {os.getuid()} and cannot be changed: run this as"):
        prepare.run(["touch", str(venv / "touched")], "failure")
    assert not (venv / "touched").exists()


def test_requirements_are_installed_once_and_again_when_they_change(venv: Path, commands: list[list[str]]) -> None:
    for content in ("one", "one", "two"):
        (venv / "requirements.txt").write_text(content)
        prepare.install(venv / "requirements.txt")
    assert ["--require-hashes" in command for command in commands] == [True, True]


def test_a_failed_installation_gives_pips_own_reason_and_is_tried_again(venv: Path) -> None:
    output = "Collecting wagtail\nERROR: No matching distribution found for wagtail\n[notice] A new release of pip"
    write_python(venv / "bin" / "python", f"echo '{output}'\nexit 1")
    (venv / "requirements.txt").touch()
    for _attempt in range(2):
        with pytest.raises(SystemExit, match=r"installed: ERROR: No matching distribution .* wagtail$"):
            prepare.install(venv / "requirements.txt")


def test_packages_are_locked_for_the_oldest_supported_python() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert pyproject["project"]["requires-python"].startswith(">=3.11,")
    assert pyproject["tool"]["uv"]["pip"]["python-version"] == "3.11.0"


def test_an_env_file_with_a_new_secret_key_is_written_once_for_its_owner_only(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".env.example", tmp_path)
    assert "Wrote .env" in make(".env", "PORT=8101", folder=tmp_path).stdout
    written = (tmp_path / ".env").read_text()
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert "\nSITE_URL=http://127.0.0.1:8101\n" in written
    assert re.search(r"^SECRET_KEY=[\w-]{80,}$", written, re.MULTILINE)
    make(".env", "PORT=8102", folder=tmp_path)
    assert (tmp_path / ".env").read_text() == written

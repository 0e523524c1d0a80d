"""Serving the site on a machine where something stands in the way, and what is said when nothing does."""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import check, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("port", ["", "abc", "0", "-1", "65536", "80 80", "８０００"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(serve.CannotServe, match=f"PORT={port} is not a port"):
        serve.read_port(port)


def test_a_taken_port_is_told_before_anything_else_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert serve.is_listening(port)
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.setattr(serve, "manage", pytest.fail)
        assert str(serve.main("development")).startswith(f"The site cannot start. Port {port} is taken: stop what")
    serve.claim(port)


def test_a_failing_management_command_is_one_sentence() -> None:
    with pytest.raises(serve.CannotServe, match=r"`manage.py no_such_command` failed: Unknown command"):
        serve.manage("no_such_command")


def test_a_malformed_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "nowhere")
    with pytest.raises(serve.CannotServe, match=r"^SITE_URL: “nowhere” is not an address"):
        serve.manage("check")


def test_the_first_env_file_is_private_has_a_fresh_secret_and_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, example = tmp_path / ".env", ROOT / ".env.example"
    serve.write_env_file(path, example, 8101)
    written = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "SITE_URL=http://127.0.0.1:8101\n" in written
    secret = next(line for line in written.splitlines() if line.startswith("SECRET_KEY="))
    assert len(secret) > 80
    path.chmod(0o644)
    serve.write_env_file(path, example, 8000)
    assert path.read_text() == written
    assert "others on this machine can read .env" in capsys.readouterr().out


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[list[str]]]:
    """Let the site be ready at once; return the commands that would serve it."""
    commands: list[list[str]] = []

    def run_together(server: list[str], worker: list[str], _is_ready: object, when_ready: Callable[[], None]) -> int:
        commands.extend([server, worker])
        when_ready()
        return 0

    monkeypatch.setattr(serve, "run_together", run_together)
    monkeypatch.setattr(serve, "MANAGE", [sys.executable, "-c", "print('Sign in as manager, physio, reception.')"])
    with pytest.MonkeyPatch.context() as environ:
        # What the commands put into the environment is taken out again.
        for name in (*check.DEPLOYMENT, "DJANGO_RUNSERVER_HIDE_WARNING"):
            environ.setenv(name, os.environ.get(name, check.DEPLOYMENT.get(name, "")))
        environ.setenv("DATA_DIR", str(tmp_path))
        yield commands


def test_make_run_prints_addresses_and_sign_in_names(
    announced: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "claim", lambda _port: None)
    assert serve.develop(8105) == 0
    said = capsys.readouterr().out
    for part in ("http://127.0.0.1:8105/\n", "/admin/\n", "/django-admin/\n", "Sign in as manager, physio, reception."):
        assert part in said
    assert announced[0][-2:] == ["runserver", "127.0.0.1:8105"]
    assert announced[1][-2:] == ["manage.py", "work"]


@pytest.mark.parametrize(("scheme", "warns"), [("http", True), ("https", False)])
def test_a_deployment_without_https_is_warned_loudly(
    announced: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    warns: bool,
) -> None:
    monkeypatch.setattr(serve, "claim", lambda _port: None)
    monkeypatch.setattr(serve, "write_env_file", lambda *_arguments: None)
    monkeypatch.setenv("SITE_URL", f"{scheme}://clinic.example")
    monkeypatch.setenv("EMAIL_URL", "file:" if warns else check.DEPLOYMENT["EMAIL_URL"])
    assert serve.deploy(8105) == 0
    said = capsys.readouterr().out
    assert ("travel unencrypted" in said) is warns
    assert ("no message leaves this machine" in said) is warns
    assert "gunicorn" in announced[0]


@pytest.mark.parametrize(("site_url", "warns"), [("http://127.0.0.1:8000", True), ("http://localhost:8105", False)])
def test_a_public_address_of_another_run_is_told_and_this_runs_own_is_printed(
    announced: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    site_url: str,
    warns: bool,
) -> None:
    monkeypatch.setattr(serve, "claim", lambda _port: None)
    monkeypatch.setattr(serve, "write_env_file", lambda *_arguments: None)
    monkeypatch.setenv("SITE_URL", site_url)
    assert serve.deploy(8105) == 0
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8105/ on this machine" in said
    assert ("where it does not listen now" in said) is warns


def test_the_sites_folder_is_for_its_own_user_alone(tmp_path: Path) -> None:
    serve.make_folder(tmp_path / "var")
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(serve.CannotServe, match="Cannot write to"):
        serve.make_folder(tmp_path / "file" / "var")

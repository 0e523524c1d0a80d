"""The linters: `make check`. All of them run, two at a time; each that finds something shows it."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]

# The environment of a deployment, for Django's own checks of one; nothing of it is real.
DEPLOYMENT = {
    "DJANGO_SETTINGS_MODULE": "clinic.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "SITE_URL": "https://clinic.example",
    "ALLOWED_HOSTS": "clinic.example",
    "EMAIL_URL": "submission://user:password@mail.clinic.example:587",
    "DEFAULT_FROM_EMAIL": "Clinic <hello@clinic.example>",
}
TESTS = {"DJANGO_SETTINGS_MODULE": "clinic.settings.test"}


class Linter(NamedTuple):
    name: str
    command: list[str]
    environment: dict[str, str] = {}


LINTERS = [
    Linter("types (mypy)", [str(BIN / "mypy")]),
    Linter("Django's checks", [*MANAGE, "check"], TESTS),
    Linter("Django's checks of a deployment", [*MANAGE, "check", "--deploy", "--fail-level=WARNING"], DEPLOYMENT),
    Linter("migrations are complete", [*MANAGE, "makemigrations", "--check", "--dry-run"], TESTS),
    Linter("code (ruff)", [str(BIN / "ruff"), "check"]),
    Linter("code's layout (ruff)", [str(BIN / "ruff"), "format", "--check"]),
    Linter("templates (djlint)", [str(BIN / "djlint"), ".", "--lint", "--quiet"]),
    Linter("rooms' imports (import-linter)", [str(BIN / "lint-imports")]),
]


def run(linter: Linter) -> bool:
    """Run one linter and print its line; return whether it is content."""
    began = time.monotonic()
    done = subprocess.run(
        linter.command,
        cwd=ROOT,
        env=os.environ | linter.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "found something:" if done.returncode else "ok"
    report = f"  {linter.name:34} {time.monotonic() - began:5.1f} s  {verdict}"
    print(f"{report}\n{done.stdout}" if done.returncode else report, flush=True)
    return done.returncode == 0


def main() -> int:
    with ThreadPoolExecutor(max_workers=2) as pool:
        contents = list(pool.map(run, LINTERS))
    return 0 if all(contents) else 1


if __name__ == "__main__":
    sys.exit(main())

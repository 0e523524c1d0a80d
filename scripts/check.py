"""Run the linters, two at a time: `make check`. Each one that fails shows what it found."""

import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PATH = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}

# The environment of a deployment, for Django's own deployment checks; none of it is real.
DEPLOYMENT = {
    "DJANGO_SETTINGS_MODULE": "clinic.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "SITE_URL": "https://clinic.example",
    "ALLOWED_HOSTS": "clinic.example",
    "EMAIL_URL": "submission://user:password@mail.clinic.example:587",
    "DEFAULT_FROM_EMAIL": "Clinic <hello@clinic.example>",
}
TESTS = {"DJANGO_SETTINGS_MODULE": "clinic.settings.test"}
LINTERS: dict[str, dict[str, str]] = {
    "mypy": {},
    "python manage.py check": TESTS,
    "python manage.py check --deploy --fail-level=WARNING": DEPLOYMENT,
    "python manage.py makemigrations --check --dry-run": TESTS,
    "ruff check": {},
    "ruff format --check": {},
    "djlint . --lint --quiet": {},
    "lint-imports": {},
}


def passes(linter: str) -> bool:
    """Run one linter and print its result, with its output if it found something."""
    environ = os.environ | PATH | LINTERS[linter]
    done = subprocess.run(linter.split(), env=environ, capture_output=True, text=True, check=False)
    print(f"  FAILED  {linter}\n{done.stdout}{done.stderr}" if done.returncode else f"  ok  {linter}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    with ThreadPoolExecutor(max_workers=2) as pool:
        sys.exit(not all(list(pool.map(passes, LINTERS))))

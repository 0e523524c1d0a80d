"""All tests: `make test`, after the linters. `make test TESTS=tests/contact` runs a part, without coverage."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
COVERAGE = ["--cov", "--cov-report=term-missing:skip-covered"]


def main(parts: list[str]) -> int:
    """Return pytest's exit code; its summary is the last line that this program prints."""
    database = urlsplit(os.environ.get("DATABASE_URL", "")).scheme or "SQLite"
    cache = "Redis" if os.environ.get("REDIS_URL") else "memory"
    browser = "Chromium" if shutil.which("chromium") else "no chromium found: the browser tests are skipped"
    print(f"Tests on {database}, cache in {cache}, {browser}.", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--numprocesses=auto",
        "--quiet",
        *([] if parts else COVERAGE),
        *parts,
    ]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

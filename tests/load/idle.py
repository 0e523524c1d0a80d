"""Count what an idle site asks its database in a minute: `python -m tests.load.idle`.

Starts the worker and two web nodes of two processes each, waits until their first jobs are done, and counts every
statement that Django sends in the next minutes. `--database postgres://…` for PostgreSQL, else SQLite.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

from tests.load.temporary_site import ROOT, temporary_site

MOST_IN_A_MINUTE = 150
PORTS = (8171, 8172)


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--database", default=os.environ.get("LOAD_DATABASE_URL", ""))
    wanted.add_argument("--minutes", type=int, default=2)
    wanted.add_argument("--warm-up", type=int, default=75, help="seconds")
    asked = wanted.parse_args()
    with temporary_site(asked.database) as kind:
        log = Path(os.environ["DATA_DIR"], "statements.log")
        counted = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.load.counted", "STATEMENT_LOG": str(log)}
        web = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--log-level=error"]
        commands = [[sys.executable, "manage.py", "work"], *([*web, f"--bind=127.0.0.1:{port}"] for port in PORTS)]
        quiet = {"stdout": subprocess.DEVNULL, "cwd": ROOT, "env": counted}
        processes = [subprocess.Popen(command, **quiet) for command in commands]  # type: ignore[call-overload]  # plain options
        try:
            time.sleep(asked.warm_up)
            for port in PORTS:
                urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=10).close()
            log.write_text("")
            time.sleep(asked.minutes * 60)
            statements = log.read_text().splitlines()
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=60)
    return report(kind, statements, asked.minutes)


def report(kind: str, statements: list[str], minutes: int) -> int:
    tables = (re.search(r'(?:FROM|INTO|UPDATE) "(\w+)"', statement) for statement in statements)
    counts = Counter(
        f"{statement.split()[0]} {table[1] if table else ''}"
        for statement, table in zip(statements, tables, strict=True)
    )
    for what, count in counts.most_common():
        print(f"{count / minutes:7.1f}  {what}")  # noqa: T201  its report
    each = len(statements) / minutes
    print(f"{kind}: {each:.0f} statements a minute, at most {MOST_IN_A_MINUTE}")  # noqa: T201  its report
    return 0 if each <= MOST_IN_A_MINUTE else 1


if __name__ == "__main__":
    sys.exit(main())

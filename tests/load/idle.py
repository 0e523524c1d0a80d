"""Count what an idle site asks its database in a minute: `python -m tests.load.idle`.

Starts the worker and two web nodes of two processes each, waits until their first jobs are done, and counts every
statement that Django sends in the next minutes. `--database postgres://…` for PostgreSQL, else SQLite.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.load.temporary_site import ROOT, arguments, free_port, gunicorn, temporary_site

MOST_IN_A_MINUTE = 150
SECONDS_TO_WARM_UP = 75


def main() -> int:
    asked = arguments(__doc__, minutes=2)
    with temporary_site(asked.database) as kind, ExitStack() as processes:
        log = Path(os.environ["DATA_DIR"], "statements.log")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.load.counted", "STATEMENT_LOG": str(log)}
        worker = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, stdout=subprocess.DEVNULL)
        processes.enter_context(worker)
        processes.callback(worker.terminate)
        for _node in range(2):
            processes.enter_context(gunicorn(free_port()))
        time.sleep(SECONDS_TO_WARM_UP)
        log.write_text("")
        time.sleep(asked.minutes * 60)
        statements = log.read_text().splitlines()
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

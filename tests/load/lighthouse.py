"""What Lighthouse says of each type of page: `make lighthouse`. Phone preset, three runs, the median.

Needs Node 18 or newer and Chromium; Lighthouse itself is kept in `var/`.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from tests.load.report import table
from tests.load.served_demo import npm_package, served_demo
from tests.load.temporary_site import PAGES

VERSION = "12.8.2"  # 13 needs Node 22
GOALS = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMES = {"first-contentful-paint": "FCP, s", "largest-contentful-paint": "LCP, s"}
RUNS = int(os.environ.get("RUNS", "3"))


def look_at(program: Path, address: str) -> dict[str, Any]:
    """Return Lighthouse's report of one visit."""
    command = [str(program), address, "--output=json", "--output-path=stdout", "--quiet"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu", "--max-wait-for-load=60000"]
    chromium = {"CHROME_PATH": shutil.which("chromium") or ""}
    # A browser that does not come up says nothing about the page: once more. Why it did not is printed.
    done = subprocess.run(command, env=os.environ | chromium, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        done = subprocess.run(command, env=os.environ | chromium, stdout=subprocess.PIPE, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def faults(report: dict[str, Any]) -> set[str]:
    """Return the audits that cost points, and what they found."""
    found = set()
    for category in GOALS:
        for one in report["categories"][category]["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                found.add(f"{audit['id']} ({audit.get('displayValue') or audit['title']})")
    return found


def main() -> int:
    program = npm_package(f"lighthouse@{VERSION}") / ".bin" / "lighthouse"
    rows, missed = [], []
    with served_demo() as address:
        for name, path in PAGES.items():
            reports = [look_at(program, address + path) for _run in range(RUNS)]
            scores = {
                category: round(median(report["categories"][category]["score"] * 100 for report in reports))
                for category in GOALS
            }
            times = [median(report["audits"][audit]["numericValue"] for report in reports) for audit in TIMES]
            shift = median(report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports)
            rows.append([name, *map(str, scores.values()), *(f"{time / 1000:.2f}" for time in times), f"{shift:.3f}"])
            sys.stderr.write(f"{' '.join(rows[-1])} {sorted(set.union(*map(faults, reports)))}\n")
            missed += [f"{name}: {one}" for one, goal in GOALS.items() if scores[one] < goal]
    sys.stdout.write(f"{table(['Page', *GOALS, *TIMES.values(), 'CLS'], rows)}\n\n")
    sys.stdout.write(f"Lighthouse {VERSION}, phone, median of {RUNS}. Goals missed: {', '.join(missed) or 'none'}.\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

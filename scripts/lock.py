"""Compile `requirements/*.in` to hashed files, for every Python and system at once: `make lock`.

The files name no address of a package index: any index that holds the same packages will do.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILED = {
    "requirements/runtime.in": "requirements.txt",
    "requirements/production.in": "requirements/production.txt",
    "requirements/test.in": "requirements/test.txt",
    "requirements/lock.in": "requirements/lock.txt",
}
# For 3.11.0, the oldest Python the README promises (Debian 12 has 3.11.2), and one version of each package for all.
OPTIONS = ["--generate-hashes", "--universal", "--python-version=3.11.0", "--fork-strategy=fewest"]
OPTIONS += ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]
# To pip `coverage[toml]` is another package than `coverage`: without this the line that pins and hashes it would not
# count, and on the day that a newer coverage is published nothing could be installed any more.
OPTIONS += ["--no-strip-extras"]


def main(upgrade: bool) -> int:
    """Compile each file, in an order in which later ones keep to the versions of the first."""
    uv = Path(sys.executable).with_name("uv")
    for source, target in COMPILED.items():
        more = ["--upgrade"] if upgrade else []
        subprocess.run([uv, "pip", "compile", *OPTIONS, *more, source, "-o", target], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(upgrade="--upgrade" in sys.argv))

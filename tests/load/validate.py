"""What the Nu HTML checker says of every page and state that a visitor meets: `make validate`.

Needs Java 11 and npm; the checker itself is kept in `var/vnu`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urlencode
from urllib.request import Request, urlopen

from tests.load.served_demo import served_demo
from tests.load.temporary_site import PAGES, ROOT

PACKAGE = "vnu-jar@26.9.27"
HOME = ROOT / "var" / PACKAGE
PROGRAM = HOME / "node_modules/vnu-jar/build/dist/vnu.jar"
# What its grammar of CSS is too old for, with the rule that says otherwise.
NOT_ERRORS = {
    "“reading-flow”: Property": "CSS Display 4, the order in which the Tab key follows a grid or a flex box",
    "“container-type”: Property": "CSS Conditional 5, container queries",
    "at-rule “@container”": "CSS Conditional 5, container queries",
}
SEARCHES = ["needle", "fysio", "qqqq", "chest pain", "douleur dans la poitrine"]
ANSWERS = {"name": "Ada Sample", "email": "ada@example.com", "message": "Is there parking?", "website": ""}
FORMS = {
    "receipt": ANSWERS,
    "errors": {"phone": "12", "preferred_contact": "pigeon", "message": "x" * 5000},
    "doubts": ANSWERS | {"email": "ada@gmial.com", "phone": "867-555-01234567"},
    "warning": ANSWERS | {"message": "I have chest pain"},
    "warning and errors": {"message": "J’ai une douleur dans la poitrine"},
}


def states(address: str) -> dict[str, bytes]:
    """Return the HTML of every state by its name; at last without a database."""
    pages = {name: read(address + path) for name, path in PAGES.items()}
    pages |= {f"search {words}": read(f"{address}/search/?{urlencode({'q': words})}") for words in SEARCHES}
    others = ["/nothing-here/", "/enquiry/privacy/", "/enquiry/?about=5", "/admin/login/"]
    pages |= {path: read(address + path) for path in others}
    pages |= {name: read(f"{address}/enquiry/", answers) for name, answers in FORMS.items()}
    pages["from another site"] = read(f"{address}/enquiry/", ANSWERS, site="cross-site")
    Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///")).unlink()
    broken = ["/enquiry/?about=6", "/search/?q=neck", "/about/", "/admin/"]
    pages |= {f"503 {path}": read(address + path) for path in broken}
    return pages | {"503 sent": read(f"{address}/enquiry/", FORMS["warning"] | {"message": "Hello\nthere"})}


def read(address: str, form: dict[str, str] | None = None, site: str = "same-origin") -> bytes:
    data = urlencode(form).encode() if form else None
    try:
        with urlopen(Request(address, data, {"Sec-Fetch-Site": site}), timeout=60) as response:  # noqa: S310  our own
            return bytes(response.read())
    except HTTPError as error:
        return error.read()


def main() -> int:
    if not PROGRAM.exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(HOME), PACKAGE], check=True)
    with tempfile.TemporaryDirectory() as folder, served_demo() as address:
        pages = states(address)
        for name, html in pages.items():
            Path(folder, f"{name.replace('/', '⁄')}.html").write_bytes(html)
        command = ["java", "-jar", str(PROGRAM), "--format", "json", "--errors-only", "--exit-zero-always", folder]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stderr)["messages"]
    excused, errors = Counter[str](), []
    for message in found:
        rule = next((rule for rule in NOT_ERRORS if re.search(rule, message["message"])), "")
        excused[rule] += 1
        if not rule:
            errors.append(f"{unquote(Path(message['url']).stem)}: {message['message']} {message.get('extract', '')!r}")
    sys.stdout.write("".join(f"{line}\n" for line in errors))
    sys.stdout.write(f"{len(pages)} pages and states, {len(errors)} errors. Not counted:\n")
    sys.stdout.write("".join(f"  {excused[rule]} × {why} ({rule})\n" for rule, why in NOT_ERRORS.items()))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

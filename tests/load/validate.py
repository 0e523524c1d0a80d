"""What the Nu HTML checker says of every page and state that a visitor meets: `make validate` (needs Java and npm)."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urlencode
from urllib.request import Request, urlopen

from tests.load.served_demo import npm_package, served_demo
from tests.load.temporary_site import PAGES

PACKAGE = "vnu-jar@26.9.27"
# What its grammar of CSS is too old for, with the rule that says otherwise.
NOT_ERRORS = {
    "“reading-flow”: Property": "CSS Display 4, the order in which the Tab key follows a grid or a flex box",
    "“container-type”: Property": "CSS Conditional 5, container queries",
    "at-rule “@container”": "CSS Conditional 5, container queries",
    "“padding-inline”: Parse": "CSS Conditional 5, the unit cqi",
    "“paint-order”: Property": "SVG 2 and CSS Fill and Stroke 3, letters with an outline behind them",
    "“scroll-target-group”: Property": "CSS Overflow 5, the list of contents that shows where one is",
    "“:target-current”": "CSS Overflow 5, the list of contents that shows where one is",
}
OTHERS = ["/nothing-here/", "/enquiry/privacy/", "/enquiry/?about=5", "/admin/login/"]
BROKEN = ["/enquiry/?about=6", "/search/?q=neck", "/about/", "/admin/"]
SEARCHES = ["needle", "fysio", "qqqq", "chest pain", "douleur dans la poitrine"]
ANSWERS = {"name": "Ada Sample", "email": "ada@example.com", "message": "Is there parking?"}
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
    pages |= {path: read(address + path) for path in OTHERS}
    pages |= {name: read(f"{address}/enquiry/", answers) for name, answers in FORMS.items()}
    pages["from another site"] = read(f"{address}/enquiry/", ANSWERS, site="cross-site")
    Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///")).unlink()
    pages |= {f"503 {path}": read(address + path) for path in BROKEN}
    return pages | {"503 sent": read(f"{address}/enquiry/", FORMS["warning"] | {"message": "Hello\nthere"})}


def read(address: str, form: dict[str, str] | None = None, site: str = "same-origin") -> bytes:
    request = Request(address, urlencode(form).encode() if form else None, {"Sec-Fetch-Site": site})  # noqa: S310  our own server
    try:
        return bytes(urlopen(request, timeout=60).read())  # noqa: S310  our own server
    except HTTPError as error:
        return error.read()


def main() -> int:
    os.environ.pop("DEMO_ADDRESS", None)  # the database behind it would be deleted
    program = npm_package(PACKAGE) / "vnu-jar/build/dist/vnu.jar"
    with tempfile.TemporaryDirectory() as folder, served_demo(notice=True) as address:
        pages = states(address)
        for name, html in pages.items():
            Path(folder, f"{name.replace('/', '⁄')}.html").write_bytes(html)
        command = ["java", "-jar", str(program), "--format", "json", "--errors-only", "--exit-zero-always", folder]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stderr)["messages"]
    rules = [next((rule for rule in NOT_ERRORS if rule in message["message"]), "") for message in found]
    for message, rule in zip(found, rules, strict=True):
        if not rule:
            sys.stdout.write(f"{unquote(message['url'])}: {message['message']}\n  {message.get('extract')}\n")
    sys.stdout.write(f"{len(pages)} pages and states, {rules.count('')} errors. Not counted:\n")
    sys.stdout.writelines(f"  {rules.count(rule)} × {rule}: {why}\n" for rule, why in NOT_ERRORS.items())
    return 1 if "" in rules else 0


if __name__ == "__main__":
    sys.exit(main())

"""Some 540 naughty strings in every field, query parameter and header: `python -m tests.load.hostile`.

Prints how many requests lost an enquiry, stored one twice, were answered 5xx, gave a string unescaped (a leak), or took
away words that had been typed. `--every 10` takes every tenth string. The order is mixed, so that `--seconds 600` is a
fair part of the whole: what was not sent by then is counted. `--database postgres://…`, else SQLite.
"""

import http.client
import random
import sys
import time
import tomllib
import unicodedata
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.contrib.auth import get_user_model
from django.test import Client

from tests.load.temporary_site import HOST, arguments, free_port, gunicorn, manage, temporary_site

SEE_OTHER, SERVER_ERROR = 303, 500
FAULTS = ("lost", "doubled", "5xx", "leaks", "words taken away", "not answered")
CLIENTS = 4
MOST_DETAILS = 20
TYPED = ("name", "email", "phone", "message")
SUBMITTED = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
LISTED = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
LONGEST_HEADER, LONGEST_ADDRESS = 1_000, 3_000
TAG, ATTRIBUTE = "naughty-tag", "onnaughty"  # of the strings in hostile.toml
# As Unicode writes them: they turn the direction of what follows.
DIRECTIONS = [
    "\u202eevil.example\u202c",
    "\u2067\u0623\u0647\u0644\u0627\u2069 end",
    "\u202a\u202b\u202d",
    "a\u200fb\u200e",
]


def naughty_strings(listed: list[str]) -> list[str]:
    """Return these and the others, in a fixed order and without doubles."""
    by_category: defaultdict[str, list[str]] = defaultdict(list)
    for number in range(sys.maxunicode + 1):
        by_category[unicodedata.category(chr(number))].append(chr(number))
    found = ["", " ", "\t \n", *listed, *DIRECTIONS]
    found += [f"a{chr(number)}b" for number in (*range(32), *range(127, 160))]
    for signs in by_category.values():
        some = list(islice(signs, 0, None, max(1, len(signs) // 8)))[:8]
        found += some[:3]
        found += [f"Jo{sign}hn" for sign in some]
        found += [some[-1] * 300]
    found += ["a" * length for length in (200, 201, 254, 255, 4_000, 4_001, 100_000)]
    found += ["é " * 2_000, "\n" * 5_000, "<" * 4_000, "😀" * 4_000, "('" * 2_000, "word " * 20_000]
    # A lone surrogate cannot be sent as UTF-8.
    return [text for text in dict.fromkeys(found) if not any(unicodedata.category(sign) == "Cs" for sign in text)]


class Page(HTMLParser):
    """What a browser makes of a page: the values of its controls with the text around them, and whatever leaked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.leaks = "", 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.leaks += tag == TAG
        for name, value in attributes:
            runs = (value or "").strip().lower().startswith(f"javascript:{ATTRIBUTE}")
            self.leaks += name == ATTRIBUTE or (name in {"href", "src", "action"} and runs)
            self.words += f" {value}" if name == "value" else ""

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


def visible(text: str) -> str:
    """Return what ink there is in the text, however its characters are written."""
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in compatible if unicodedata.category(sign)[0] in "LNPS" and sign != "\u2800")


class Request(NamedTuple):
    number: int
    text: str
    address: str = "/enquiry/"
    field: str = ""
    header: str = ""


def form(request: Request) -> dict[str, str]:
    number = request.number
    answers = {"name": f"Sample #{number}.", "email": f"sample{number}@example.com", "topic": "appointment"}
    answers["message"] = f"Message #{number}."
    return answers | ({request.field: request.text} if request.field else {})


def ask(port: int, session: str, request: Request) -> Counter[str]:
    """Send it and return what went wrong, and whether it was `accepted`."""
    headers = dict(SUBMITTED) if not request.address.startswith(("/admin", "/django-admin")) else {}
    headers |= {} if headers else {"Cookie": f"sessionid={session}"}
    if request.header:
        headers[request.header] = request.text.encode().decode("latin-1")
    is_form = request.address == "/enquiry/"
    body = urlencode(form(request)) if is_form else None
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    try:
        connection.request("POST" if is_form else "GET", request.address, body, headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace") if not response.getheader("Content-Encoding") else ""
    except ValueError:
        return Counter({"not sent": 1})  # a line end in a header is another header, and is not sent
    except (OSError, http.client.HTTPException) as error:
        return Counter({"not answered": 1, f"  {request.address} {request.header} {request.text[:20]!r} {error!r}": 1})
    finally:
        connection.close()
    found = Counter(requests=1, accepted=is_form and response.status == SEE_OTHER)
    page = Page(text if "html" in response.getheader("Content-Type", "") else "")
    found["5xx"] = response.status >= SERVER_ERROR
    found["leaks"] = page.leaks + (response.getheader("X-Naughty") is not None)
    if is_form and request.field in TYPED and response.status != SEE_OTHER:
        found["words taken away"] = visible(request.text) not in visible(page.words)
    for fault in ("5xx", "leaks", "words taken away"):
        if found[fault]:
            place = f"{request.address[:60]} {request.field}{request.header} {request.text[:40]!r}"
            found[f"  {fault}: {response.status} {place}"] = 1
    return found


def requests(texts: list[str]) -> list[Request]:
    fields, headers, addresses = (LISTED[kind].split() for kind in ("fields", "headers", "addresses"))
    every = [Request(0, text, field=field) for field, text in product(fields, texts)]
    every += [Request(0, text, header=name) for name, text in product(headers, texts) if len(text) < LONGEST_HEADER]
    short = [text for text in texts if len(quote(text)) < LONGEST_ADDRESS]
    every += [
        Request(0, text, address.replace("{}", quote(text, safe=""))) for address, text in product(addresses, short)
    ]
    random.Random(1).shuffle(every)  # noqa: S311  a drill, the same each time
    return [request._replace(number=number) for number, request in enumerate(every)]


def check_stored(asked: list[Request], results: list[Counter[str]]) -> Counter[str]:
    """Compare what was accepted with what is stored, by the number that each enquiry has in its name or message."""
    from contact.models import Enquiry  # noqa: PLC0415  Django is set up by now

    stored = list(Enquiry.objects.values("name", "email", "phone", "message"))
    by_number: dict[str, list[Any]] = {}
    for row in stored:
        number = row["name" if row["name"].startswith("Sample #") else "message"].partition("#")[2].rstrip(".")
        by_number.setdefault(number, []).append(row)
    found: Counter[str] = Counter()
    for request, result in zip(asked, results, strict=True):
        rows = by_number.get(str(request.number), [])
        found["lost"] += result["accepted"] > len(rows)
        found["doubled"] += len(rows) > 1
        if rows and request.field in TYPED and request.field != "email":
            taken = visible(request.text) != visible(rows[0][request.field])
            found["words taken away"] += taken
            if taken:
                found[f"  stored otherwise: {request.field} {request.text[:40]!r} {rows[0][request.field][:40]!r}"] += 1
    return found


def main() -> int:
    asked = arguments(__doc__, every=1, seconds=86_400.0)
    port = free_port()
    with temporary_site(asked.database, REQUIRE_SECOND_FACTOR="false") as kind:
        manage("load_demo")
        with gunicorn(port):
            began, every = time.monotonic(), requests(naughty_strings(LISTED["strings"].splitlines())[:: asked.every])
            with ThreadPoolExecutor(CLIENTS) as pool:
                (client := Client()).force_login(get_user_model().objects.create_superuser("naughty"))
                session = client.cookies["sessionid"].value
                end = began + asked.seconds
                too_late = Counter({"too late": 1})
                results = list(
                    pool.map(lambda request: ask(port, session, request) if time.monotonic() < end else too_late, every)
                )
        total = sum(results, check_stored(every, results))
    counts = ", ".join(f"{total[name]} {name}" for name in ("requests", "not sent", "too late", "accepted", *FAULTS))
    details = "\n".join([name for name in total if name.startswith("  ")][:MOST_DETAILS])
    print(f"{kind}, {time.monotonic() - began:.0f} s: {counts}", details, sep="\n")  # noqa: T201  its report
    return 1 if any(total[name] for name in FAULTS) else 0


if __name__ == "__main__":
    sys.exit(main())

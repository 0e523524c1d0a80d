"""2,000 enquiries from 16 clients at once through gunicorn: `python -m tests.load.submissions`.

Prints how many were lost, stored twice, or answered 5xx; none may be. Every twentieth form is sent twice at the same
time, as by a double click. `--database postgres://…` for PostgreSQL, else SQLite.
"""

import http.client
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urlencode

from tests.load.temporary_site import HOST, allow_any_number, arguments, free_port, gunicorn, temporary_site

SEE_OTHER = 303
SERVER_ERROR = 500
EVERY_TWENTIETH = 20
QUESTION = "Do you have time on Tuesday?"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def main() -> int:
    asked = arguments(__doc__, number=2000, clients=16, seconds=300.0)  # after these seconds it gives up
    port = free_port()
    with temporary_site(asked.database) as kind, gunicorn(port):
        allow_any_number()
        began = time.monotonic()
        answers = send(port, asked.number, asked.clients, began + asked.seconds)
        return report(kind, asked.number, answers, time.monotonic() - began)


class Answer(NamedTuple):
    number: int
    status: int  # 0: none
    has_words: bool


def send_one(port: int, number: int) -> Answer:
    """Send the form of this number, each from a network of its own."""
    answers = {"name": f"Sample {number}", "email": f"sample{number}@example.com", "preferred_contact": "email"}
    form = urlencode(answers | {"topic": "appointment", "message": f"{QUESTION}\r\n" * 10})
    network = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    try:
        connection.request("POST", "/enquiry/", form, HEADERS | network)
        response = connection.getresponse()
        return Answer(number, response.status, QUESTION in response.read().decode())
    except (OSError, http.client.HTTPException):
        return Answer(number, 0, has_words=False)
    finally:
        connection.close()


def send(port: int, number: int, clients: int, end: float) -> dict[int, list[int]]:
    """Return the status of every answer, by the form's number; 0 where there was no answer."""
    twice = range(0, number, EVERY_TWENTIETH)
    forms = sorted([*range(number), *twice])
    answers: dict[int, list[int]] = {one: [] for one in range(number)}

    def client(mine: list[int]) -> None:
        for one in mine:
            if time.monotonic() > end:
                return
            answers[one].append(send_one(port, one).status)

    with ThreadPoolExecutor(clients) as pool:
        # Dealt out like cards, so that the two copies of a form meet at the same time.
        list(pool.map(client, [forms[start::clients] for start in range(clients)]))
    return answers


def report(kind: str, number: int, answers: dict[int, list[int]], seconds: float) -> int:
    from contact.models import Enquiry, Message  # noqa: PLC0415  Django is set up by now

    stored = Counter(Enquiry.objects.values_list("name", flat=True))
    statuses = Counter(status for given in answers.values() for status in given)
    accepted = [one for one, given in answers.items() if SEE_OTHER in given]
    lost = sum(f"Sample {one}" not in stored for one in accepted)
    duplicated = sum(stored.values()) - len(stored)
    errors = sum(count for status, count in statuses.items() if status >= SERVER_ERROR or status == 0)
    without_mail = Enquiry.objects.count() * 2 - Message.objects.count()
    print(  # noqa: T201  its report
        f"{kind}: {len(accepted)} of {number} accepted, {lost} lost, {duplicated} duplicated, {errors} answered 5xx or"
        f" not at all, {without_mail} messages missing; {sum(statuses.values()) / seconds:.0f} a second"
    )
    return 0 if len(accepted) == number and not (lost or duplicated or errors or without_mail) else 1


if __name__ == "__main__":
    sys.exit(main())

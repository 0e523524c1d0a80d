"""What visitors and colleagues notice while others guess passwords: `python -m tests.load.wrong_passwords`."""

import http.client
import itertools
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from threading import Event, Thread
from urllib.parse import urlencode

from tests.load.temporary_site import HOST, arguments, free_port, gunicorn, load_demo, temporary_site

LOGIN = "/admin/login/"
NAME, PASSWORD = "colleague", "heron over the river"


def guess(port: int, network: Callable[[], str], ended: Event, answers: Counter[int]) -> None:
    while not ended.is_set():
        answers[sign_in(port, network(), "not the right password")[0]] += 1


def sign_in(port: int, network: str, password: str, cookies: str = "") -> tuple[int, str]:
    """Return the status and the cookies of an attempt from this address."""
    token = "t" * 32
    headers = {"Cookie": f"csrftoken={token}; {cookies}", "X-Forwarded-For": network}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"username": NAME, "password": password, "csrfmiddlewaretoken": token})
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
        connection.request("POST", LOGIN, body, headers)
        response = connection.getresponse()
        response.read()
        set_cookies = [one.partition(";")[0] for one in response.headers.get_all("Set-Cookie", [])]
        return response.status, "; ".join(one for one in set_cookies if not one.startswith("csrftoken"))


def home_page(port: int, seconds: float) -> list[float]:
    """Return the milliseconds that the home page took, again and again for so long."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
            connection.request("GET", "/")
            connection.getresponse().read()
        times.append((time.monotonic() - start) * 1000)
        time.sleep(0.05)
    return times


def report(what: str, times: list[float]) -> None:
    middle, slowest = statistics.median(times), max(times)
    sys.stdout.write(f"{what}: / median {middle:.0f} ms, slowest {slowest:.0f} ms of {len(times)}\n")


def attack(port: int, what: str, network: Callable[[], str], clients: int, seconds: float) -> None:
    ended, answers = Event(), Counter[int]()
    threads = [Thread(target=guess, args=(port, network, ended, answers)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    report(what, home_page(port, seconds))
    ended.set()
    for thread in threads:
        thread.join()
    sys.stdout.write(f"  answers: {dict(answers)}\n")


def main() -> None:
    options = arguments(__doc__, clients=12, seconds=15.0)
    port = free_port()
    with temporary_site(options.database, REQUIRE_SECOND_FACTOR="false"):
        load_demo()
        from django.contrib.auth.models import User  # noqa: PLC0415  Django is set up by now

        User.objects.create_superuser(NAME, "", PASSWORD)
        with gunicorn(port):
            _status, cookies = sign_in(port, "198.51.100.7", PASSWORD)
            report("without an attack", home_page(port, 3))
            attack(port, "from one network", lambda: "203.0.113.5", options.clients, options.seconds)
            networks = [f"100.{b}.{c}.1" for b, c in itertools.product(range(250), repeat=2)]
            attack(port, "from ever new networks", networks.pop, options.clients, options.seconds)
            start = time.monotonic()
            status, _ = sign_in(port, "203.0.113.5", PASSWORD, cookies)
            sys.stdout.write(f"a colleague in a known browser: {status} after {time.monotonic() - start:.1f} s\n")
            status, _ = sign_in(port, "192.0.2.44", PASSWORD)
            sys.stdout.write(f"a colleague in a new place: {status}\n")


if __name__ == "__main__":
    main()

"""Half-sent forms, floods, redirects and the cache of a second, with nginx as in deploy/nginx.conf.

Usage: `python -m tests.load.half_sent`. Needs nginx (Debian: `nginx-light`) and openssl.
"""

import http.client
import re
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.load.temporary_site import HOST, ROOT, arguments, free_port, gunicorn, load_demo, temporary_site

SITE, ATTACKER, VISITOR = "clinic.example", "127.0.0.2", "127.0.0.1"
HALF_A_FORM = (
    f"POST /enquiry/ HTTP/1.1\r\nHost: {SITE}\r\nX-Forwarded-Proto: https\r\nContent-Length: 1000\r\n\r\nname="
).encode()
UNVERIFIED = ssl._create_unverified_context()  # noqa: S323  the certificate is our own, made a moment ago


@contextmanager
def nginx(plain: int, encrypted: int, behind: int, *, limits: bool = True) -> Iterator[Path]:
    """Run nginx with its configuration from deploy/, on these ports; yield its folder, which has /static/ in it."""
    with tempfile.TemporaryDirectory(prefix="clinic-nginx-") as folder:
        Path(folder).chmod(0o755)  # nginx, started by root, works as another user
        key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={SITE}", "-days", "1"]
        subprocess.run(
            [*key, "-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"],
            check=True,
            capture_output=True,
        )
        ours = {
            "listen 80": f"listen {HOST}:{plain}",
            "listen 443": f"listen {HOST}:{encrypted}",
            f"/etc/letsencrypt/live/{SITE}": folder,
            "/var/log/nginx": folder,
            "/var/cache/nginx": folder,
            "/var/www/letsencrypt": folder,
            "/var/lib/clinic": folder,
            "127.0.0.1:8000": f"{HOST}:{behind}",
        }
        configuration = (ROOT / "deploy/nginx.conf").read_text()
        for theirs, own in ours.items():
            configuration = configuration.replace(theirs, own)
        if not limits:
            configuration = re.sub(r"limit_(req|conn) ", "# ", configuration)
        head = f"daemon off; worker_processes 2; pid {folder}/pid; events {{ worker_connections 4096; }}"
        temporary = " ".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        Path(folder, "nginx.conf").write_text(f"{head} http {{ {temporary} {configuration} }}")
        command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
            time.sleep(1)
            try:
                yield Path(folder)
            finally:
                server.terminate()


def get(
    port: int, host: str = SITE, *, encrypted: bool = False, source: str = VISITOR, **headers: str
) -> http.client.HTTPResponse:
    headers = {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection(HOST, port, timeout=20, source_address=(source, 0))
    if encrypted:
        connection = http.client.HTTPSConnection(HOST, port, timeout=20, source_address=(source, 0), context=UNVERIFIED)
    with closing(connection):
        connection.request("GET", "/", headers=headers)
        response = connection.getresponse()
        response.read()
        return response


def redirects(plain: int, encrypted: int) -> None:
    flexible = '{"scheme":"https"}'
    say("http", get(plain))
    say("https", get(encrypted, encrypted=True))
    say("http, X-Forwarded-Proto: https,http", get(plain, X_Forwarded_Proto="https,http"))
    say("http, Cloudflare's “flexible”", get(plain, X_Forwarded_Proto="https", CF_Visitor=flexible))
    say("https, X-Forwarded-Proto: https,http", get(encrypted, encrypted=True, X_Forwarded_Proto="https,http"))
    say("http, www", get(plain, f"www.{SITE}"))
    say("https, www", get(encrypted, f"www.{SITE}", encrypted=True))


def say(what: str, response: http.client.HTTPResponse) -> None:
    sys.stdout.write(f"{what}: {response.status} {response.headers.get('Location', '')}\n")


def half_sent(what: str, attacked: int, port: int, number: int, seconds: float, *, encrypted: bool) -> None:
    """Keep so many half-sent forms open, and print how long the home page takes meanwhile."""
    headers = {"X_Forwarded_Proto": "https"}
    forms = [socket.create_connection((HOST, attacked), source_address=(ATTACKER, 0)) for _ in range(number)]
    for form in forms:
        form.sendall(
            HALF_A_FORM if encrypted is False else HALF_A_FORM.replace(b"Host", b"X-Forwarded-Proto: https\r\nHost")
        )
    times, failed, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        try:
            get(port, encrypted=encrypted, **headers)
        except OSError:
            failed += 1
        times.append((time.monotonic() - start) * 1000)
        time.sleep(0.1)
    for form in forms:
        form.close()
    middle, slowest = statistics.median(times), max(times)
    sys.stdout.write(
        f"{what}: / median {middle:.0f} ms, slowest {slowest:.0f} ms, {failed} of {len(times)} not answered\n"
    )


def main() -> None:
    options = arguments(__doc__, connections=200, seconds=10.0)
    behind, plain, encrypted = free_port(), free_port(), free_port()
    with temporary_site(options.database, SITE_URL=f"https://{SITE}", ALLOWED_HOSTS=SITE):
        load_demo()
        with nginx(plain, encrypted, behind), gunicorn(behind) as server:
            redirects(plain, encrypted)
            number, seconds = options.connections, options.seconds
            half_sent("0 half-sent forms, nginx", plain, encrypted, 0, 3, encrypted=True)
            half_sent(f"{number} half-sent forms, nginx", plain, encrypted, number, seconds, encrypted=True)
            half_sent(f"{number} half-sent forms, gunicorn alone", behind, behind, number, seconds, encrypted=False)
            start = time.monotonic()
            flood = Counter(get(encrypted, encrypted=True, source=ATTACKER).status for _ in range(600))
            sys.stdout.write(f"600 visits from one address in {time.monotonic() - start:.1f} s: {dict(flood)}\n")
            say("a visitor right afterwards", get(encrypted, encrypted=True))
            server.terminate()
            server.wait()
            time.sleep(1)
            say("a visitor while the site is away", get(encrypted, encrypted=True))


if __name__ == "__main__":
    main()

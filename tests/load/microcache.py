"""What nginx's cache of a second is worth: `python -m tests.load.microcache`. Needs nginx, openssl and wrk.

`wrk` asks nginx, as in deploy/nginx.conf but without its limits, for a static file and for the home page of the same
bytes, in turn. The page must get at least 0.8 times the file's requests a second.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.load.report import verdict
from tests.load.temporary_site import HOST, ROOT, arguments, free_port, gunicorn, load_demo, running, temporary_site

LEAST = 0.8
SITE = "clinic.example"
AS_A_BROWSER = ("-H", f"Host: {SITE}", "-H", "X-Forwarded-Proto: https", "-H", "Accept-Encoding: gzip")


def main() -> int:
    asked = arguments(__doc__, rounds=5, seconds=5)
    behind, plain = free_port(), free_port()
    with temporary_site(asked.database, SITE_URL=f"https://{SITE}", ALLOWED_HOSTS=SITE):
        load_demo()
        with nginx(plain, behind) as folder, gunicorn(behind):
            page = subprocess.run(
                ["curl", "-s", *AS_A_BROWSER, f"http://{HOST}:{plain}/"], check=True, stdout=subprocess.PIPE
            ).stdout
            (folder / "static").mkdir()
            (folder / "static" / "page.bin").write_bytes(page)  # nginx would compress a page each time
            rates: dict[str, list[float]] = {"static/page.bin": [], "": []}
            for _round in range(asked.rounds):
                for path, found in rates.items():
                    found.append(requests_a_second(f"http://{HOST}:{plain}/{path}", asked.seconds))
            alone = requests_a_second(f"http://{HOST}:{behind}/", asked.seconds)
    file, cached = map(median, rates.values())
    ratio = median(two / one for one, two in zip(*rates.values(), strict=True))
    sys.stdout.write(
        f"{len(page)} bytes; requests a second, medians of {asked.rounds}: static file {file:.0f}, page {cached:.0f}"
        f" ({ratio:.2f} times; at least {LEAST}: {verdict(is_reached=ratio >= LEAST)});"
        f" gunicorn without nginx {alone:.0f}\n"
    )
    return 0 if ratio >= LEAST else 1


@contextmanager
def nginx(plain: int, behind: int) -> Iterator[Path]:
    """Run nginx with its configuration from deploy/, but without limits; yield its folder, which has /static/ in it."""
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
            "listen 443": f"listen {HOST}:{free_port()}",
            f"/etc/letsencrypt/live/{SITE}": folder,
            "/var/log/nginx": folder,
            "/var/cache/nginx": folder,
            "/var/www/letsencrypt": folder,
            "/var/lib/clinic": folder,
            "127.0.0.1:8000": f"{HOST}:{behind}",
        }
        configuration = re.sub(r"limit_(req|conn) ", "# ", (ROOT / "deploy/nginx.conf").read_text())
        for theirs, own in ours.items():
            configuration = configuration.replace(theirs, own)
        head = f"daemon off; worker_processes 2; pid {folder}/pid; events {{ worker_connections 4096; }}"
        temporary = " ".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        Path(folder, "nginx.conf").write_text(f"{head} http {{ {temporary} {configuration} }}")
        command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        with running(*command):
            time.sleep(1)
            yield Path(folder)


def requests_a_second(address: str, seconds: float) -> float:
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", *AS_A_BROWSER, address]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    return float(re.findall(r"Requests/sec: *([0-9.]+)", said)[0])


if __name__ == "__main__":
    sys.exit(main())

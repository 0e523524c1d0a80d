"""What nginx's cache of a second is worth: `python -m tests.load.microcache`. Needs nginx, openssl and wrk.

`wrk` asks nginx, as in deploy/nginx.conf but without its limits, for a static file and for the home page of the same
bytes, in turn. The page must get at least 0.8 times the file's requests a second.
"""

import re
import subprocess
import sys
from statistics import median

from tests.load.half_sent import SITE, nginx
from tests.load.temporary_site import HOST, arguments, free_port, gunicorn, load_demo, temporary_site

LEAST = 0.8
AS_A_BROWSER = ("-H", f"Host: {SITE}", "-H", "X-Forwarded-Proto: https", "-H", "Accept-Encoding: gzip")


def main() -> int:
    asked = arguments(__doc__, rounds=5, seconds=5)
    behind, plain = free_port(), free_port()
    with temporary_site(asked.database, SITE_URL=f"https://{SITE}", ALLOWED_HOSTS=SITE):
        load_demo()
        with nginx(plain, free_port(), behind, limits=False) as folder, gunicorn(behind):
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
        f" ({ratio:.2f} times; at least {LEAST}: {'reached' if ratio >= LEAST else 'missed'});"
        f" gunicorn without nginx {alone:.0f}\n"
    )
    return 0 if ratio >= LEAST else 1


def requests_a_second(address: str, seconds: float) -> float:
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", *AS_A_BROWSER, address]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    return float(re.findall(r"Requests/sec: *([0-9.]+)", said)[0])


if __name__ == "__main__":
    sys.exit(main())

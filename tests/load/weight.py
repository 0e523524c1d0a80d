"""What each type of page weighs on its way to a phone: `make weight`.

Bytes as they travel, from the server of a deployment to a real browser of 390 × 844 points at three pixels each.
"""

import http.client
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from clinic.frontend.postprocess import FIRST_FLIGHT_BYTES, PICTURES_IN_FIRST_VIEW_BYTES
from tests.load.report import table
from tests.load.served_demo import served_demo
from tests.load.temporary_site import PAGES

HEAD = ["Page", "HTML brotli", "HTML gzip", "CSS inside, raw", "CSS linked", "pictures, first view", "pictures, all"]
HEAD += ["drawings", "fonts", "scripts", "third party", "first view"]
FONT_BYTES = 20 * 1024
FIRST_VIEW_BYTES = 75 * 1024
# What a phone needs for its first view, at most.
IN_FIRST_VIEW = ["HTML brotli", "CSS linked", "pictures, first view", "drawings", "fonts"]
MEASURE = Path(__file__).with_suffix(".js").read_text()
PICTURES = (".avif", ".webp", ".jpg", ".jpeg", ".png")
KINDS = {
    "CSS linked": (".css",),
    "pictures, all": PICTURES,
    "drawings": (".svg",),
    "fonts": (".woff2", ".woff", ".ttf"),
}


def page_bytes(address: str, path: str, encoding: str) -> int:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    length = len(response.read())
    connection.close()
    return length


def weigh(browser: Browser, address: str, path: str) -> dict[str, int]:
    """Return the page's bytes by kind, in the words of `HEAD`."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=3, is_mobile=True)
    page = context.new_page()
    page.goto(address + path, wait_until="networkidle")
    measured = page.evaluate(MEASURE)
    context.close()
    found = {"HTML brotli": page_bytes(address, path, "br"), "HTML gzip": page_bytes(address, path, "gzip")}
    found |= {"CSS inside, raw": measured["style"], "pictures, first view": measured["first"]}
    for kind, endings in KINDS.items():
        found[kind] = sum(size for name, size in measured["all"] if urlsplit(name).path.endswith(endings))
    found["scripts"] = measured["scripts"]
    found["third party"] = sum(not name.startswith(address) for name, _size in measured["all"])
    found["first view"] = sum(found[kind] for kind in IN_FIRST_VIEW)
    return found


def too_heavy(found: dict[str, int]) -> list[str]:
    """Return the kinds whose budget the page breaks."""
    most = {"HTML brotli": FIRST_FLIGHT_BYTES, "pictures, first view": PICTURES_IN_FIRST_VIEW_BYTES}
    most |= {"first view": FIRST_VIEW_BYTES, "fonts": FONT_BYTES, "scripts": 0, "third party": 0}
    return [kind for kind, budget in most.items() if found[kind] > budget]


def main() -> int:
    with served_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        weights = {name: weigh(browser, address, path) for name, path in PAGES.items()}
        browser.close()
    rows = [[name, *(f"{found[kind]:,}" for kind in HEAD[1:])] for name, found in weights.items()]
    broken = {name: kinds for name, found in weights.items() if (kinds := too_heavy(found))}
    sys.stdout.write(f"{table(HEAD, rows)}\n\n")
    budgets = f"HTML brotli ≤ {FIRST_FLIGHT_BYTES:,}, pictures in the first view ≤ {PICTURES_IN_FIRST_VIEW_BYTES:,}"
    budgets += f", first view ≤ {FIRST_VIEW_BYTES:,}, fonts ≤ {FONT_BYTES:,}, no scripts or third parties"
    sys.stdout.write(f"Budgets: {budgets}: {broken or 'all kept'}.\n")
    by_gzip = [name for name, found in weights.items() if found["HTML gzip"] > FIRST_FLIGHT_BYTES]
    sys.stdout.write(f"Over the first flight for browsers that know gzip alone: {by_gzip or 'no page'}.\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

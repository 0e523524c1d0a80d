"""Make the pictures of docs/editors.md from a running demo: `make run`, then `python -m tests.load.guide_pictures`.

`DEMO_ADDRESS` names another server than http://127.0.0.1:8000. It needs a new demo: it leaves behind a page that was
sent back.
"""

import os
import shutil
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, sync_playwright

from tests.load.temporary_site import ROOT

ADMIN = os.environ.get("DEMO_ADDRESS", "http://127.0.0.1:8000") + "/admin/"
PASSWORD = "fireweed-demo"
ADDED = " Ask us what to expect."


def sign_in(browser: Browser, name: str) -> Page:
    page = browser.new_page(viewport={"width": 1200, "height": 720})
    page.goto(f"{ADMIN}login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(ADMIN)
    return page


def find(page: Page, title: str) -> str:
    """Return the address of the page of this title in the admin."""
    page.goto(f"{ADMIN}pages/search/?q={title}")
    link = page.get_by_role("link", name=title, exact=True).first.get_attribute("href") or ""
    return urljoin(ADMIN, link.removesuffix("edit/"))


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(1500)
    # The banner of a demo without a worker.
    page.add_style_tag(content=".desk-banners { display: none }")
    page.screenshot(path=ROOT / "docs/img" / f"editors-{name}.jpg", type="jpeg", quality=70, animations="disabled")


def draw(browser: Browser) -> None:
    physio = sign_in(browser, "physio")
    physio.goto(f"{ADMIN}pages/add/services/servicepage/{find(physio, 'Treatments').split('/')[-2]}/")
    physio.wait_for_timeout(1500)
    take(physio, "new-page")
    treatment = find(physio, "IMS and dry needling")
    physio.goto(f"{treatment}edit/")
    physio.wait_for_timeout(3000)
    physio.fill("#id_introduction", physio.input_value("#id_introduction").removesuffix(ADDED) + ADDED)
    physio.locator("#w-autosave-indicator[data-w-autosave-state-value=saved]").wait_for(state="attached")
    physio.click("footer [aria-label='More actions'], footer .w-dropdown__toggle")
    take(physio, "submit")
    physio.keyboard.press("Escape")
    physio.click("[aria-label='Toggle preview']")
    physio.wait_for_timeout(3000)
    take(physio, "preview")
    physio.goto(f"{treatment}revisions/compare/live...latest/")
    take(physio, "compare")
    physio.goto(f"{ADMIN}images/add/")
    take(physio, "upload")
    manager = sign_in(browser, "manager")
    manager.goto(f"{treatment}edit/")
    manager.wait_for_timeout(1500)
    manager.click("[aria-label='Toggle status']")
    manager.get_by_role("button", name="Set schedule").click()
    take(manager, "schedule")
    physio.goto(f"{treatment}edit/")
    physio.click("footer [name=action-submit]")
    physio.get_by_text("Show where").click()
    physio.get_by_label("It changes what patients read").check()
    physio.click("footer [name=action-submit]")
    physio.wait_for_url("**/pages/*/")
    manager.goto(f"{treatment}edit/")
    manager.get_by_role("button", name="Request changes").click()
    manager.fill(".modal-body [name$=comment]", "Please say how long the soreness lasts.")
    manager.click(".modal-body [type=submit]")
    manager.wait_for_url("**/pages/*/")
    physio.goto(ADMIN)
    take(physio, "dashboard")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        draw(chromium)
        chromium.close()

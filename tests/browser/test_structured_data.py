"""The data for search engines in a real browser: no script that runs, so none that the policy refuses."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_the_browser_reads_the_graph_without_an_error(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_page(base_url=live_server.url)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    response = page.goto(factories.make_service(introduction="</script><script>throw 1</script>").url)
    assert response
    assert "script-src 'self'" in response.headers["content-security-policy"]
    graph = page.locator("script[type='application/ld+json']").evaluate("found => JSON.parse(found.textContent)")
    assert graph["@graph"][0]["@type"] == "MedicalWebPage"
    assert complaints == []

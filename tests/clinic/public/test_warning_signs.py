"""Whoever searches for an emergency reads whom to call before any result."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query", ["chest pain", "suicide", "can't breathe", "cant breath", "chest pian", "je veux mourir"]
)
def test_the_emergency_wording_comes_before_the_results(client: Client, query: str) -> None:
    main = client.get("/search/", {"q": query}).content.decode().partition("<main")[2]
    assert main.index('href="tel:911"') < main.index('href="tel:988"') < main.index("<h1")
    assert ("En cas d’urgence" in main) is query.startswith("je")


@pytest.mark.parametrize("query", ["", "shoulder", "incontinence", "stroke rehab", "needles"])
def test_an_ordinary_search_shows_no_alarm(client: Client, query: str) -> None:
    assert 'class="warning"' not in client.get("/search/", {"q": query}).content.decode()

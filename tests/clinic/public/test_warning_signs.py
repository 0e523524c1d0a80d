"""Whoever searches for an emergency reads whom to call before any result."""

from pathlib import Path

import pytest
from django.test import Client

from clinic.public.views import warning_signs_in

pytestmark = pytest.mark.django_db
QUERIES = Path(__file__).with_name("search_queries.tsv")


@pytest.mark.parametrize(
    "query", ["chest pain", "suicide", "can't breathe", "cant breath", "chest pian", "je veux mourir"]
)
def test_the_emergency_wording_comes_before_the_results(client: Client, query: str) -> None:
    main = client.get("/search/", {"q": query}).content.decode().partition("<main")[2]
    assert main.index('href="tel:911"') < main.index('href="tel:988"') < main.index("<h1")
    assert ("En cas d’urgence" in main) is query.startswith("je")


def test_ordinary_searches_show_no_alarm() -> None:
    queries = [line.partition("\t")[0] for line in QUERIES.read_text().splitlines() if line and line[0] != "#"]
    alarming = [query for query in ("", "stroke rehab", "needles", *queries) if warning_signs_in(query)]
    assert sorted(alarming) == ["collapsed lung", "head injury hockey", "hit my head", "locked jaw"]

"""A cache server that is down costs time, not pages."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from clinic.models import HomePage

pytest.importorskip("redis", reason="redis is an extra of deployments")

# Nobody listens on port 1.
DOWN = {"BACKEND": "clinic.cache_backend.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1"}


@pytest.fixture
def cache_is_down(settings: Any) -> None:
    settings.CACHES = {"default": DOWN}


@pytest.mark.usefixtures("cache_is_down")
def test_a_cache_that_is_down_holds_nothing_and_raises_nothing() -> None:
    cache = caches["default"]
    cache.set("page", "words")
    cache.set_many({"page": "words"})
    assert cache.get("page", "nothing") == "nothing"
    assert cache.get_many(["page"]) == {}
    assert "page" not in cache
    assert cache.add("page", "words")
    assert not cache.delete("page")
    cache.delete_many(["page"])


@pytest.mark.django_db
@pytest.mark.usefixtures("cache_is_down")
def test_pages_and_the_enquiry_form_are_shown_without_a_cache(client: Client, home: HomePage) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/enquiry/").status_code == 200

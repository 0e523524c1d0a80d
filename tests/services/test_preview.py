"""A preview of a treatment shows what is not saved yet."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from services.models import ServicePage, ServicePractitioner
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_preview_shows_the_draft_and_visitors_do_not_see_it() -> None:
    factories.make_clinic()
    kim = factories.make_practitioner("Kim Sample")
    page = ServicePage.objects.get()
    before = Client().get(page.url).content
    draft: Any = page
    draft.title = "A draft"
    draft.practitioner_links = [ServicePractitioner(practitioner=kim)]
    draft.fees = []
    preview = page.make_preview_request().content.decode()
    assert "<h1>A draft</h1>" in preview
    assert "Kim Sample" in preview
    assert "$120" not in preview
    page.save_revision()
    assert Client().get(page.url).content == before

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from services.models import ServicePage
from tests import factories
from tests.schema_org import Node, faults, graph_in, one

pytestmark = pytest.mark.django_db


def count(unit: str, *events: tuple[str, int | None, str]) -> dict[str, Any]:
    """Return a block of risk numbers, of 1,000 treatments or sessions."""
    names = [
        {"name": name, "count": times, "percent": None, "seriousness": seriousness}
        for name, times, seriousness in events
    ]
    value = {"heading": unit, "treatments": 1000, "unit": unit, "events": names, "source": "A study", "year": 2020}
    return {"type": "risk_numbers", "value": value}


def make_ims(*blocks: dict[str, Any], **fields: Any) -> ServicePage:
    return factories.make_service("Dry needling", short_name="IMS", body=json.dumps(blocks), **fields)


def graph_of(page: Any) -> list[Node]:
    graph = graph_in(Client().get(page.url).content.decode())
    assert faults(graph) == []
    return graph


def test_a_treatment_is_a_medical_page_about_a_therapy() -> None:
    graph = graph_of(make_ims())
    therapy = one(graph, "MedicalTherapy")
    assert graph[0]["@type"] == "MedicalWebPage"
    assert graph[0]["mainEntity"] == {"@id": therapy["@id"]}
    assert (therapy["name"], therapy["alternateName"]) == ("Dry needling", "IMS")
    assert "PhysicalTherapy" in therapy["@type"]
    assert not {"adverseOutcome", "seriousAdverseOutcome"} & set(therapy)


def test_what_was_counted_is_an_outcome_and_a_serious_one_says_how_often_or_that_no_one_knows() -> None:
    mild = (("any mild effect", 90, "minor"), ("bruising", 80, "minor"), ("air beside the lung", 0, "major"))
    sessions = count("sessions", ("bruising", 70, "minor"), ("fainting", 1, "major"), ("stroke", None, "major"))
    therapy = one(graph_of(make_ims(count("treatments", *mild), sessions)), "MedicalTherapy")
    assert [event["name"] for event in therapy["adverseOutcome"]] == ["Bruising", "Fainting", "Stroke"]
    assert [(event["name"], event["description"]) for event in therapy["seriousAdverseOutcome"]] == [
        ("Fainting", "about 1 in 1,000 sessions"), ("Stroke", "how often is not known"),
    ]  # fmt: skip


def test_a_current_review_names_day_and_reviewer_and_one_who_has_left_without_an_address() -> None:
    today = timezone.localdate()
    person = factories.make_practitioner(credentials="CGIMS")
    ims = make_ims(reviewed_by=person, last_reviewed=today, review_due=today + timedelta(days=1))
    page = graph_of(ims)[0]
    assert page["lastReviewed"] == today.isoformat()
    assert page["reviewedBy"]["name"] == "Robin Sample"
    assert page["reviewedBy"]["@id"] == "http://testserver/team/robin-sample/#person"
    person.unpublish()
    assert set(graph_of(ims)[0]["reviewedBy"]) == {"@type", "name", "jobTitle", "hasCredential"}


def test_an_overdue_or_unsigned_review_is_left_out() -> None:
    today = timezone.localdate()
    overdue = {"last_reviewed": today - timedelta(days=9), "review_due": today - timedelta(days=1)}
    page = make_ims(reviewed_by=factories.make_practitioner(), **overdue)
    for shown in (page, factories.make_condition(last_reviewed=today)):
        assert not {"lastReviewed", "reviewedBy"} & set(graph_of(shown)[0])

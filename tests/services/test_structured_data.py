"""The structured data of treatments and conditions says what the page says."""

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


def count(unit: str, *events: tuple[str, int, str]) -> dict[str, Any]:
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


def test_counted_events_are_included_and_serious_ones_have_their_frequency() -> None:
    graph = graph_of(
        make_ims(
            count(
                "treatments",
                ("any mild effect", 90, "minor"),
                ("bruising", 80, "minor"),
                ("air beside the lung", 0, "major"),
            ),
            count("sessions", ("bruising", 70, "minor"), ("fainting", 1, "major")),
        )
    )
    therapy = one(graph, "MedicalTherapy")
    assert [event["name"] for event in therapy["adverseOutcome"]] == ["Bruising", "Fainting"]
    (serious,) = therapy["seriousAdverseOutcome"]
    assert (serious["name"], serious["description"]) == ("Fainting", "about 1 in 1,000 sessions")


def test_a_serious_event_that_no_one_has_counted_is_an_outcome_too() -> None:
    block = count("people", ("soreness", 410, "minor"), ("stroke", 0, "major"))
    block["value"]["events"][1]["count"] = None
    therapy = one(graph_of(make_ims(block)), "MedicalTherapy")
    assert [event["name"] for event in therapy["adverseOutcome"]] == ["Soreness", "Stroke"]
    (serious,) = therapy["seriousAdverseOutcome"]
    assert (serious["name"], serious["description"]) == ("Stroke", "how often is not known")


def test_a_current_review_names_day_and_reviewer() -> None:
    today = timezone.localdate()
    person = factories.make_practitioner(credentials="CGIMS")
    page = graph_of(make_ims(reviewed_by=person, last_reviewed=today, review_due=today + timedelta(days=1)))[0]
    assert page["lastReviewed"] == today.isoformat()
    assert page["reviewedBy"]["name"] == "Robin Sample"
    assert page["reviewedBy"]["@id"] == "http://testserver/team/robin-sample/#person"


def test_an_overdue_or_unsigned_review_is_left_out() -> None:
    today = timezone.localdate()
    overdue = {"last_reviewed": today - timedelta(days=9), "review_due": today - timedelta(days=1)}
    page = graph_of(make_ims(reviewed_by=factories.make_practitioner(), **overdue))[0]
    unsigned = graph_of(factories.make_condition(last_reviewed=today))[0]
    for node in (page, unsigned):
        assert not {"lastReviewed", "reviewedBy"} & set(node)


def test_a_reviewer_who_has_left_is_named_without_an_address() -> None:
    person = factories.make_practitioner()
    person.unpublish()
    page = graph_of(make_ims(reviewed_by=person, last_reviewed=timezone.localdate()))[0]
    assert set(page["reviewedBy"]) == {"@type", "name", "jobTitle"}

"""How the demo's data files become values."""

from datetime import timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

from clinic.demo import words
from clinic.models import PractitionerPage, StandardPage
from services.models import ServicePage

IDS = {("page", "/fees/"): 4, ("page", "/team/jo/"): 5, ("picture", "aurora"): 6}


def find(kind: str, name: str) -> int:
    return IDS[kind, name]


def test_parents_come_before_their_children_and_no_page_twice() -> None:
    paths = [page["path"] for page in words.read_pages()]
    assert len(set(paths)) == len(paths)
    for number, path in enumerate(paths[1:], 1):
        assert f"{path.rstrip('/').rsplit('/', 1)[0]}/" in paths[:number], path


def test_a_date_counts_from_today() -> None:
    today = timezone.localdate()
    dates = words.with_dates({"last_reviewed_days_from_now": -40, "title": "IMS"})
    assert dates == {"last_reviewed": today - timedelta(days=40), "title": "IMS"}


def test_references_at_any_depth_become_ids() -> None:
    value = {
        "image": "aurora",
        "caption": "",
        "questions": [{"answer": '<p>See <a href="page:/fees/">fees</a>.</p>\n', "page": "/fees/", "open": True}],
    }
    assert words.block_value(value, find) == {
        "image": 6,
        "caption": "",
        "questions": [{"answer": '<p>See <a linktype="page" id="4">fees</a>.</p>', "page": 4, "open": True}],
    }


def test_fields_take_what_their_kind_needs() -> None:
    data = {
        "title": "IMS",
        "lead_image": "aurora",
        "reviewed_by": "/team/jo/",
        "body": [{"type": "heading", "value": "What it is"}],
        "sources": [{"text": "Brady, 2014"}],
        "practitioner_links": [{"practitioner": "/team/jo/"}],
    }
    values = words.field_values(ServicePage, data, find)
    assert (values["title"], values["lead_image_id"], values["reviewed_by_id"]) == ("IMS", 6, 5)
    assert [block.value for block in values["body"]] == ["What it is"]
    assert [block.value["text"] for block in values["sources"]] == ["Brady, 2014"]
    assert [(link.practitioner_id, link.sort_order) for link in values["practitioner_links"]] == [(5, 0)]
    assert words.plain_values(ServicePage, data) == {"title": "IMS"}


@pytest.mark.parametrize("model", [StandardPage, PractitionerPage])
def test_a_key_that_is_no_field_is_refused(model: type[StandardPage | PractitionerPage]) -> None:
    with pytest.raises(FieldDoesNotExist):
        words.field_values(model, {"tilte": "About"}, find)


@pytest.mark.parametrize(
    "data", [{"lead_image": "palm-beach"}, {"introduction": 'See <a href="page:/nothing/">this</a>'}]
)
def test_a_reference_to_nothing_is_refused(data: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        words.field_values(StandardPage, data, find)

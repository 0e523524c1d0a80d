"""How the demo's data files become values."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from clinic.demo import words

IDS = {("page", "/fees/"): 4, ("picture", "aurora"): 6}


def find(kind: str, name: str) -> int:
    return IDS[kind, name]


def test_parents_come_before_their_children_and_no_page_twice() -> None:
    paths = [page["path"] for page in words.read_pages()]
    assert len(set(paths)) == len(paths)
    for number, path in enumerate(paths[1:], 1):
        assert f"{path.rstrip('/').rsplit('/', 1)[0]}/" in paths[:number], path


def test_every_key_is_a_field() -> None:
    for page in words.read_pages():
        fields = {field.name for field in apps.get_model(page["type"])._meta.get_fields()}
        assert page.keys() - {"type", "path", "order"} <= fields, page["path"]


def test_references_and_dates_at_any_depth_become_ids_and_dates() -> None:
    value = {
        "image": "picture:aurora",
        "caption": "",
        "reviewed": "today-40",
        "questions": [{"answer": '<p>See <a href="page:/fees/">fees</a>.</p>\n', "page": "page:/fees/", "open": True}],
    }
    assert words.resolved(value, find) == {
        "image": 6,
        "caption": "",
        "reviewed": str(timezone.localdate() - timedelta(days=40)),
        "questions": [{"answer": '<p>See <a linktype="page" id="4">fees</a>.</p>', "page": 4, "open": True}],
    }


@pytest.mark.parametrize("value", ["picture:palm-beach", 'See <a href="page:/nothing/">this</a>'])
def test_a_reference_to_nothing_is_refused(value: str) -> None:
    with pytest.raises(KeyError):
        words.resolved(value, find)

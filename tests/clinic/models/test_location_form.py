"""The editor of a location refuses hours that overlap, and asks whether an unlikely closure is right."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import LocationPage
from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db


def publish(client: Client, rows: dict[str, list[dict[str, Any]]], **more: str) -> Any:
    """Publish a location with these rows; return the answer."""
    page = LocationPage.objects.first() or factories.make_location()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    editor = client.get(address)
    assert "dates_are_right" not in editor.text
    answers = answers_of(editor.context["form"]) | {"action-publish": "1"} | more
    for name, values in rows.items():
        answers[f"{name}-TOTAL_FORMS"] = str(len(values))
        for number, value in enumerate(values):
            order = {"id": "", "DELETE": "", "ORDER": str(number + 1)}
            answers |= {f"{name}-{number}-{key}": str(text) for key, text in (order | value).items()}
    return client.post(address, answers)


def hours(*stretches: tuple[int, str, str]) -> dict[str, list[dict[str, Any]]]:
    return {"hours": [{"weekday": day, "opens": opens, "closes": closes} for day, opens, closes in stretches]}


@pytest.mark.parametrize(
    ("stretches", "refused_row"),
    [
        ([(0, "12:00", "17:00"), (0, "09:00", "13:00")], 0),
        ([(0, "09:00", "17:00"), (0, "09:00", "17:00")], 1),
        ([(0, "09:00", "12:00"), (0, "12:00", "17:00"), (1, "09:00", "17:00")], None),
    ],
)
def test_hours_that_overlap_are_refused_with_what_patients_would_read(
    as_manager: Client, stretches: list[tuple[int, str, str]], refused_row: int | None
) -> None:
    response = publish(as_manager, hours(*stretches))
    assert (response.status_code == 302) is (refused_row is None)
    if refused_row is not None:
        (error,) = response.context["form"].formsets["hours"].forms[refused_row].errors["opens"]
        assert "patients would read “Monday: 9\N{NO-BREAK SPACE}a.m. to" in error


@pytest.mark.parametrize(
    ("first_in_days", "length", "words"),
    [(10, 42, ""), (10, 43, "43 days until"), (10, 43, "Patients will read “Closed "), (-800, 3, "it is over")],
)
def test_an_unlikely_closure_is_confirmed(as_manager: Client, first_in_days: int, length: int, words: str) -> None:
    first: date = timezone.localdate() + timedelta(days=first_in_days)
    closure = {"first_day": first, "last_day": first + timedelta(days=length - 1), "reason": "Renovation"}
    response = publish(as_manager, {"closures": [closure]})
    assert (response.status_code == 302) is (not words)
    if words:
        assert words in str(response.context["form"].formsets["closures"].forms[0].errors["last_day"])
        assert 'name="dates_are_right"' in response.text
        assert publish(as_manager, {"closures": [closure]}, dates_are_right="on").status_code == 302

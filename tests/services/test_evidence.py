import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from services.models import Evidence, ServicePage
from tests import factories

pytestmark = pytest.mark.django_db


def add_finding(service: ServicePage, finding: str, **fields: object) -> Evidence:
    record = Evidence(
        service=service, finding=finding, **{"certainty": "low", "source": "A review", "year": 2017} | fields
    )
    record.full_clean()
    record.save()
    return record


def test_one_record_is_shown_with_the_treatment_and_the_condition_until_it_is_taken_off(
    client: Client,
) -> None:
    service, elbow, knee = factories.make_service(), factories.make_condition(), factories.make_condition("Knee pain")
    factories.help_with(service, elbow)
    add_finding(service, "It eased pain.", people=30, out_of=100)
    add_finding(
        service, "For the knee, it did not.", condition=knee, certainty="unknown", url="https://example.org/knee"
    )
    on_service, on_elbow, on_knee = (client.get(page.url).text for page in (service, elbow, knee))
    assert ["It eased pain." in shown for shown in (on_service, on_elbow, on_knee)] == [True, True, False]
    assert ["For the knee, it did not." in shown for shown in (on_service, on_elbow, on_knee)] == [True, False, True]
    assert "<b>30</b> of 100 people" in on_elbow
    assert "We are not sure" in on_elbow
    for words in ("We do not know", 'href="https://example.org/knee"', "A review", "2017"):
        assert words in on_knee
    service.unpublish()
    assert [client.get(page.url).text.count("A review") for page in (elbow, knee)] == [0, 0]


@pytest.mark.parametrize(("people", "out_of"), [(3, None), (None, 3), (4, 3)])
def test_a_number_of_people_needs_the_number_it_is_out_of(people: int | None, out_of: int | None) -> None:
    with pytest.raises(ValidationError) as error:
        add_finding(factories.make_service(), "It eased pain.", people=people, out_of=out_of)
    assert "people" in error.value.message_dict

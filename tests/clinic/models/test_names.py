import pytest

from clinic.models import ClinicDetails, DemoRecord, FeaturedPage


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (ClinicDetails(name="Fireweed Physiotherapy"), "Fireweed Physiotherapy"),
        (DemoRecord(key="page:/about/"), "page:/about/"),
        (FeaturedPage(page_id=7), "featured page 7"),
    ],
)
def test_a_row_has_a_readable_name(row: object, name: str) -> None:
    assert str(row) == name

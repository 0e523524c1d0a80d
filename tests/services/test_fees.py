"""Fees are entered once and shown in several places."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from services.blocks import FeesBlock
from services.models import Fee, ServicePage
from services.models.fee import dollars, lowest_fee_text, session_length_text
from tests import factories

if TYPE_CHECKING:
    from django.test import Client


def fee(amount: str = "120", minutes: int | None = 45) -> Fee:
    return Fee(visit="Visit", amount=Decimal(amount), minutes=minutes)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("120", "$120"),
        ("120.00", "$120"),
        ("99.5", "$99.50"),
        ("0", "$0"),
        ("1250", "$1,250"),
        ("1000.05", "$1,000.05"),
    ],
)
def test_dollars_are_written_without_empty_cents(amount: str, text: str) -> None:
    assert dollars(Decimal(amount)) == text
    assert dollars(Decimal(amount).quantize(Decimal("0.01"))) == text
    assert fee(amount).price == text


@pytest.mark.parametrize(
    ("amounts", "text"), [([], ""), (["120"], "$120"), (["120", "120.00"], "$120"), (["145", "95", "120"], "from $95")]
)
def test_the_fee_of_a_treatment_is_its_lowest(amounts: list[str], text: str) -> None:
    assert lowest_fee_text([fee(amount) for amount in amounts]) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        ([], ""),
        ([None], ""),
        ([45], "45 minutes"),
        ([45, 45], "45 minutes"),
        ([60, 30, None], "30 to 60 minutes"),
    ],
)
def test_the_length_of_a_session_comes_from_the_visits(minutes: list[int | None], text: str) -> None:
    assert session_length_text([fee(minutes=length) for length in minutes]) == text


@pytest.mark.django_db
def test_a_treatment_reads_length_and_fee_from_its_records() -> None:
    service = factories.make_service()
    assert (service.session_length, service.fee) == ("", "")
    factories.add_fee(service, "145", 60)
    factories.add_fee(service, "95", 30)
    service = ServicePage.objects.get()
    assert (service.session_length, service.fee) == ("30 to 60 minutes", "from $95")


@pytest.mark.django_db
def test_a_fee_below_zero_is_refused() -> None:
    record = factories.add_fee(factories.make_service())
    record.amount = Decimal(-1)
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    assert "amount" in error.value.message_dict
    assert str(fee("99.5")) == "Visit, $99.50"


@pytest.mark.django_db
def test_the_fees_page_shows_the_fees_of_every_treatment_that_is_published(client: Client) -> None:
    page = factories.make_fees_page()
    for title, amount, live in (("Manual therapy", "121", True), ("Needling", "133", True), ("Secret", "144", False)):
        factories.add_fee(factories.make_service(title, live=live), amount)
    factories.make_service("Free talk")
    shown = client.get(page.url).content.decode()
    for words in ("Manual therapy", "$121", "Needling", "$133", "45"):
        assert words in shown
    for words in ("Secret", "$144", "Free talk"):
        assert words not in shown


@pytest.mark.django_db
def test_a_changed_fee_is_changed_wherever_it_is_shown(client: Client) -> None:
    fees_page, service = factories.make_fees_page(), factories.make_service("Manual therapy")
    record = factories.add_fee(service, "120")
    record.amount = Decimal("131.50")
    record.save()
    for address in (fees_page.url, service.url, "/services/"):
        shown = client.get(address).content.decode()
        assert "$131.50" in shown
        assert "$120" not in shown


def block_services(treatment: ServicePage | None, **page_context: Any) -> list[ServicePage]:
    block = FeesBlock()
    value = block.normalize({"heading": "What it costs", "treatment": treatment})
    return list(block.get_context(value, page_context)["services"])


@pytest.mark.django_db
def test_a_fees_block_shows_the_named_treatment_or_the_one_of_its_page_or_all_of_the_page() -> None:
    ims, manual = factories.make_service("IMS"), factories.make_service("Manual therapy")
    assert block_services(manual, page=ims) == [manual]
    assert block_services(None, page=ims) == [ims]
    assert block_services(None, page=factories.make_condition(), services=[ims, manual]) == [ims, manual]
    assert block_services(None) == []

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from clinic.models import ClinicDetails, FeaturedPage, HomePage
from services.blocks import FeesBlock
from services.models import Fee
from services.models.rows import fee_text
from tests import factories

pytestmark = pytest.mark.django_db


def fee(amount: str, minutes: int | None = 45) -> Fee:
    return Fee(visit="Visit", amount=Decimal(amount), minutes=minutes)


def test_dollars_are_written_without_empty_cents() -> None:
    for amount, text in {"120.00": "$120", "99.5": "$99.50", "0": "$0", "1000.05": "$1,000.05"}.items():
        assert (fee(amount).price, str(fee(amount))) == (text, f"Visit, {text}")


@pytest.mark.parametrize(
    ("visits", "text"),
    [
        ([], ""),
        ([("120", None)], "$120"),
        ([("120", 45)], "$120 (45 min)"),
        ([("120", 45), ("120.00", 45)], "$120 (45 min)"),
        ([("145", 60), ("120", 45), ("95", 30)], "Visit $145 (60 min), then $95 (30 min)"),
        ([("95", 30), ("145", 60)], "Visit $95 (30 min), then $145 (60 min)"),
    ],
)
def test_the_fee_of_a_treatment_begins_with_what_a_new_patient_pays(
    visits: list[tuple[str, int | None]], text: str
) -> None:
    assert fee_text([fee(*visit) for visit in visits]).replace("\N{NO-BREAK SPACE}", " ") == text


def test_the_one_table_of_fees_has_every_published_treatment_and_each_price_once(client: Client) -> None:
    page = factories.make_fees_page()
    for title, amount in (("Manual therapy", "121"), ("Needling", "133"), ("Exercise", "121")):
        factories.add_fee(factories.make_service(title), amount)
    factories.add_fee(factories.make_service("Secret", live=False), "144")
    factories.make_service("Free talk")
    shown = client.get(page.url).content.decode()
    assert (shown.count("<table"), shown.count("$121"), shown.count("$133")) == (1, 1, 1)
    for words in ("Manual therapy", "Exercise", "Needling", "45"):
        assert words in shown
    for words in ("Secret", "$144", "Free talk"):
        assert words not in shown


def test_the_fees_page_says_which_plans_are_billed_and_marks_samples_as_such(
    client: Client, details: ClinicDetails
) -> None:
    plan = {"name": "Maple Plan", "kind": "Private plan", "billed": "In part", "bring": "Your plan card"}
    page = factories.make_fees_page(direct_billing=json.dumps([{"type": "plan", "value": plan}]))
    shown = client.get(page.url).content.decode()
    for words in plan.values():
        assert words in shown
    assert "sample values" not in shown
    details.demo_notice = True
    details.save()
    assert "sample values" in client.get(page.url).content.decode()


def test_a_changed_fee_is_changed_wherever_it_is_shown(client: Client, home: HomePage) -> None:
    fees_page, service = factories.make_fees_page(), factories.make_service("Manual therapy")
    home.featured_pages.set([FeaturedPage(page=service)])
    home.save()
    record = factories.add_fee(service, "120")
    record.amount = Decimal("131.50")
    record.save()
    for address in (fees_page.url, service.url, "/services/", "/"):
        shown = client.get(address).content.decode()
        assert "$131.50" in shown
        assert "$120" not in shown


def test_a_fees_block_shows_the_treatment_of_its_page_or_all_of_the_page() -> None:
    ims, manual = factories.make_service("IMS"), factories.make_service("Manual therapy")
    factories.add_fee(ims, "145", 60, "First visit")
    factories.add_fee(manual, "95.50", None, "Phone call")

    def drawn(**page_context: Any) -> str:
        block = FeesBlock()
        return str(block.render(block.normalize({"heading": "What it costs"}), page_context))

    first, both = drawn(page=ims), drawn(page=factories.make_condition(), services=[ims, manual])
    assert '<caption class="fees__caption">What it costs</caption>' in first
    assert [words in first for words in ("First visit", "60 min", "$145", "$95.50")] == [True, True, True, False]
    assert [words in both for words in ("$145", "Phone call", "$95.50")] == [True, True, True]
    assert "$" not in drawn()

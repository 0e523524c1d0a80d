"""Whatever stands in an address or a form of the desk is never an error of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.contact.factories import make_enquiry, make_message
from tests.factories import make_person

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")
NONSENSE = (
    "until=9999-12-31", "since=0001-01-01", "until=0001-01-01", "since=%00", "p=0", "p=x", f"p={'9' * 5000}", "show=x",
    "show=%00", "q=%00", "q=%2522", "o=x", "o=-99.1", "all=x", "topic=%00", "way=x", f"colleague={'9' * 5000}",
    "_popup=1", "_to_field=x", "status__exact=x", "_changelist_filters=%00",
)  # fmt: skip


@pytest.fixture
def manager_at_the_desk(client: Client) -> Client:
    client.force_login(make_person("Managers"))
    return client


@pytest.mark.parametrize("address", NONSENSE)
def test_the_list_the_export_and_the_way_back_take_anything(manager_at_the_desk: Client, address: str) -> None:
    enquiry = make_enquiry()
    detail = reverse("admin:contact_enquiry_change", args=[enquiry.pk])
    way_back = urlencode({"_changelist_filters": address.replace("%00", "\0")})
    for asked in (f"{LIST}?{address}", f"{reverse('admin:contact_enquiry_export')}?{address}", f"{detail}?{way_back}"):
        assert manager_at_the_desk.get(asked).status_code < 500, asked
    assert manager_at_the_desk.post(f"{detail}?{way_back}", {"_next": "1", "status": "x"}).status_code < 500


@pytest.mark.parametrize("address", ["q=%00", "p=x", f"p={'9' * 5000}", "o=x", "state=%00", "kind__exact=x", "when=x"])
def test_the_other_lists_take_anything(manager_at_the_desk: Client, address: str) -> None:
    make_message()
    for model in ("message", "enquiryevent", "purgerun", "redflag", "replytext"):
        asked = f"{reverse(f'admin:contact_{model}_changelist')}?{address}"
        assert manager_at_the_desk.get(asked).status_code < 500, asked


@pytest.mark.parametrize("typed", ["9" * 5000, "\0", "²"])
@pytest.mark.parametrize("page", ["take", "verdict", "change", "reply"])
def test_what_a_page_posts_back_may_be_anything(desk: Client, page: str, typed: str) -> None:
    enquiry = make_enquiry()
    address = reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk])
    names = (
        "seen", "verdict", "ready_made", "choose", "text", "message_id", "recipient", "call-outcome", "note-text",
        "status", "initial-status", "assigned_to", "seen_revision",
    )  # fmt: skip
    assert desk.post(address, dict.fromkeys(names, typed)).status_code in {200, 302}


@pytest.mark.parametrize("attempts", ["9" * 5000, "\0", "²"])
def test_a_mail_is_not_sent_again_for_nonsense(desk: Client, attempts: str) -> None:
    message = make_message(kind="patient_receipt")
    address = reverse("admin:contact_enquiry_resend", args=[message.enquiry_id, message.pk])
    assert desk.post(address, {"attempts": attempts}).status_code == 302


@pytest.mark.parametrize("number", ["x", "9" * 30, "9" * 5000, "%00"])
def test_an_enquiry_that_cannot_be_is_not_found(desk: Client, number: str) -> None:
    for page in ("change", "reply", "others"):
        assert desk.get(f"{LIST}{number}/{page}/").status_code in {302, 404}

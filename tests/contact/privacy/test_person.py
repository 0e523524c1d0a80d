"""Managers find, disclose and erase what the site has about one person, and see who opened it or did something."""

import json
import logging
import re
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from contact.admin import persons
from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message, PurgeRun
from contact.models.event import EventType, record
from contact.models.message import MessageType
from contact.privacy import person
from contact.privacy.person import MENTIONED, NOTED, THEIR_PHONE, find
from tests.contact.factories import make_enquiry, make_message
from tests.factories import make_person

PERSON, SEARCH = (reverse(f"admin:contact_enquiry_{name}") for name in ("person", "who_saw_search"))
REFERENCE = "K7-3F9Q"
ROBIN = {"name": "Robin Rare", "email": "robin@example.com", "phone": "867-555-0199"}


def make_robins(**fields: Any) -> Enquiry:
    return make_enquiry(**ROBIN | fields)


def ask(client: Client, do: str, *enquiries: Enquiry, **asked: str) -> Any:
    return client.post(PERSON, {"email": "robin@example.com", "do": do, "enquiry": [e.pk for e in enquiries]} | asked)


def test_everything_is_found_by_the_address_however_it_is_written_and_by_mail_to_it() -> None:
    spam, new = make_robins(status="spam"), make_robins(email="Robin@Example.COM", message="Again")
    make_enquiry(phone="")
    make_robins(is_canary=True, message="Canary")
    answered = make_enquiry(email="old@example.com")
    entry = Entry.objects.create(enquiry=answered, kind="reply", text="Hello")
    make_message(enquiry=answered, kind=MessageType.REPLY, entry=entry, recipient="Robin@example.com")
    make_message(recipient="robin@example.com")  # a notice to staff is not mail to Robin
    assert {*find(email=" ROBIN@example.com ")} == {spam, new, answered}
    assert {*find(email="nobody@example.com")} == set()


def test_everything_is_found_by_the_number_however_it_is_written() -> None:
    stored = ("867-555-0199", "+1 (867) 555 0199", "555-0199", "867 555 0199 ext. 3")
    wanted = {make_enquiry(email="", phone=phone): [THEIR_PHONE] for phone in stored}
    make_enquiry(phone="867-555-0190", email="")
    for typed in ("867 555 0199", "(867) 555-0199", "+1 867.555.0199", "1-867-555-0199", "555-0199", "5550199"):
        assert find(phone=typed) == wanted, typed


@pytest.mark.parametrize("asked", [{"email": "robin@example.com"}, {"phone": "867-555-0199"}])
def test_an_enquiry_that_mentions_the_person_is_found_but_not_certain(asked: dict[str, str]) -> None:
    mentioned = make_enquiry(message="Also write to robin@example.com or call 86 75 55 01 99", name="Sam")
    noted = make_enquiry(message="Other")
    Entry.objects.create(enquiry=noted, kind="note", text="Robin's: robin@example.com, 867.555.0199")
    reasons = find(**asked)
    assert reasons == {mentioned: [MENTIONED], noted: [NOTED]}


def test_the_page_lists_what_was_found_and_selects_the_persons_own_enquiries(as_manager: Client) -> None:
    theirs = make_robins(message="My shoulder")
    mention = make_enquiry(message="Ask robin@example.com")
    response = ask(as_manager, "")
    assert "no-store" in response["Cache-Control"]
    html = response.content.decode()
    found = [f'value="{one.pk}" id="found-{one.pk}"' for one in (theirs, mention)]
    assert [words for words in ("My shoulder", f"{found[0]} checked", f"{found[1]}>") if words not in html] == []
    event = EnquiryEvent.objects.get(kind="listed")
    assert set(event.references.split()) == {theirs.reference, mention.reference}
    for typed, said in (
        ({"email": "kim@example.com"}, "Nothing found"),
        ({}, "Enter an e-mail address, a phone number, or both"),
        ({"phone": "911"}, "Enter a phone number with the area code"),
    ):
        assert said in as_manager.post(PERSON, typed).content.decode()


def test_what_is_searched_for_is_in_no_url_log_or_record(as_manager: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="contact")
    robins = make_robins()
    html = ask(as_manager, "", robins).content.decode()
    assert ('method="post"' in html, "?email" in html) == (True, False)
    response = ask(as_manager, "erase-now", robins)
    assert "robin" not in f"{response['Location']}{caplog.text}"
    records = json.dumps([*EnquiryEvent.objects.values(), *PurgeRun.objects.values()], default=str).lower()
    assert not any(words in records for words in ("robin", "0199", "next week"))


def make_whole() -> Enquiry:
    enquiry = make_robins(message="My shoulder <hurts>", red_flags=["Chest pain"])
    Entry.objects.create(enquiry=enquiry, kind="note", text="Prefers mornings", author=make_person("Reception"))
    reply = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello Robin")
    mail = make_message(enquiry=enquiry, kind="reply", entry=reply, recipient="robin@example.com")
    DeliveryAttempt.objects.create(message=mail, started_at=timezone.now(), outcome="sent", reply="250 accepted")
    return enquiry


def test_the_files_have_all_data_of_the_selected_enquiries_alone_and_are_recorded(as_manager: Client) -> None:
    enquiry = make_whole()
    other = make_robins(message="Not selected")
    files = {}
    for form in ("html", "json"):
        response = ask(as_manager, form, enquiry)
        assert response["Content-Disposition"] == f'attachment; filename="enquiries-{timezone.localdate()}.{form}"'
        files[form] = response.content.decode()
    html = files["html"]
    for words in (
        enquiry.reference, "Robin Rare", "My shoulder &lt;hurts&gt;", "Prefers mornings", "Hello Robin",
        "250 accepted", "Chest pain", "867-555-0199", "robin@example.com",
    ):  # fmt: skip
        assert words in html
    assert "Not selected" not in html
    assert other.reference not in html
    [found] = json.loads(files["json"])["enquiries"]
    fields = found["fields"]
    assert (fields["Name"], fields["Message"]) == ("Robin Rare", "My shoulder <hurts>")
    assert fields["Warning signs noticed in the message"] == "Chest pain"
    assert {entry["Text"] for entry in found["entries"]} == {"Prefers mornings", "Hello Robin"}
    assert found["mail"][0]["Delivery attempts"].endswith("Sent. 250 accepted")
    events = EnquiryEvent.objects.filter(kind="disclosed").values_list("reference", "actor_name", "detail")
    assert set(events) == {(enquiry.reference, "managers", f"As {form}") for form in ("HTML", "JSON")}


def test_the_selected_enquiries_are_erased_once_and_recorded(as_manager: Client) -> None:
    whole, stays = make_whole(), make_robins(message="Stays")
    html = ask(as_manager, "erase", whole).content.decode()
    assert "cannot be undone" in html
    assert re.search(rf"Still open: <[^>]+>{whole.reference}<", html)
    assert (Enquiry.objects.count(), PurgeRun.objects.count()) == (2, 0), "it has to be confirmed"
    response = ask(as_manager, "erase-now", whole)
    run = PurgeRun.objects.get()
    assert response["Location"] == reverse("admin:contact_purgerun_change", args=[run.pk])
    assert list(Enquiry.objects.all()) == [stays]
    assert Entry.objects.count() == Message.objects.count() == 0
    ask(as_manager, "erase-now", whole)
    assert run == PurgeRun.objects.get()
    assert (run.counts, run.actor_name, run.references) == ({"request": 1}, "managers", [whole.reference])
    events = EnquiryEvent.objects.filter(kind="erased").values_list("reference", "actor_name", "detail")
    assert list(events) == [(whole.reference, "managers", str(run))]


def test_nothing_is_erased_if_one_enquiry_is_on_legal_hold_or_a_colleague_just_set_it(as_manager: Client) -> None:
    free, held = make_robins(), make_robins(message="Held", legal_hold=True)
    for do in ("erase", "erase-now"):
        html = ask(as_manager, do, free, held).content.decode()
        assert f"On legal hold, so the clinic has to keep them: {held.reference}." in html
    held.legal_hold = False  # as it was when the page was opened
    with patch.object(persons, "find", return_value={held: [THEIR_PHONE]}):
        ask(as_manager, "erase-now", held)
    assert (Enquiry.objects.count(), PurgeRun.objects.count()) == (2, 0)


def test_only_enquiries_found_for_the_person_can_be_selected(as_manager: Client) -> None:
    make_robins()
    someone_elses = make_enquiry()
    for do in ("html", "json", "erase", "erase-now"):
        assert "Select at least one" in ask(as_manager, do).content.decode()
        assert "Select at least one" in ask(as_manager, do, someone_elses).content.decode()
    assert Enquiry.objects.count() == 2


def test_the_html_file_sums_up_who_saw_an_enquiry_and_the_json_file_has_each_event(as_manager: Client) -> None:
    enquiry = make_enquiry()
    reader = make_person("Reception")
    by = {"actor": reader, "actor_name": reader.username}
    for _ in range(30):
        EnquiryEvent.objects.create(kind="listed", references=f"{enquiry.reference} 34-6797", **by)
    EnquiryEvent.objects.create(kind="changed", reference=enquiry.reference, detail="status: New to Closed", **by)
    chosen = {"email": enquiry.email, "enquiry": [enquiry.pk]}

    html = as_manager.post(PERSON, chosen | {"do": "html"}).content.decode()
    [lines] = re.findall(r"<ul>(.*?)</ul>", html, re.DOTALL)
    assert "reception (Reception) saw it in a list, with your name and contact details, 30 times" in lines
    assert "reception (Reception) changed its status (status: New to Closed)" in lines
    assert lines.count("30 times") == lines.count("reception (Reception) saw it") == 1

    [data] = json.loads(as_manager.post(PERSON, chosen | {"do": "json"}).content)["enquiries"]
    events = [event for event in data["activity"] if event.get("By") == "reception"]
    assert len(events) == 31
    assert events[-1]["Details"] == "status: New to Closed"


def test_each_field_has_a_label_for_the_person() -> None:
    disclosed = {*person.enquiry_fields(), *person.ENTRY_FIELDS, *person.MESSAGE_FIELDS, *person.EVENT_FIELDS}
    plain_in_form_or_model = {"reference", "email", "phone", "voicemail_ok", "status", "assigned_to", "due_at", "text"}
    assert disclosed - person.LABELS.keys() == plain_in_form_or_model


def log_of(reference: str) -> str:
    return reverse("admin:contact_enquiry_who_saw", args=[reference])


def test_it_names_who_when_from_where_and_what(as_manager: Client, rf: RequestFactory, mo: User) -> None:
    request = rf.get("/", REMOTE_ADDR="203.0.113.7")
    request.user = mo
    make_enquiry(reference=REFERENCE, name="Robin Rare", message="sore knee")
    record(EventType.RECEIVED, REFERENCE)
    record(EventType.LISTED, references=["AA-AAAA", REFERENCE], request=request, detail="2 enquiries")
    record(EventType.SEEN, REFERENCE, request=request)
    record(EventType.CALLED, REFERENCE, request=request, detail="Reached")
    record(EventType.EXPORTED, references=[REFERENCE], request=request)
    record(EventType.SEEN, "AA-AAAA", request=request)
    html = as_manager.get(log_of(REFERENCE)).content.decode()
    for words in (
        "Mo Muster", "(Reception)", "203.0.113.7", "saw it in a list, with your name",
        "opened it and could read what you wrote", "phoned you", "(Reached)", "exported it to a file",
        "The website", "3 times",
    ):  # fmt: skip
        assert words in html
    assert not [words for words in ("Robin", "knee", "sam@example.com", "AA-AAAA", "2 enquiries") if words in html]
    assert html.count("opened it and could read") == 1


def test_it_remains_after_the_enquiry_and_the_colleagues_account_were_deleted(as_manager: Client, mo: User) -> None:
    EnquiryEvent.objects.create(kind="seen", reference=REFERENCE, actor=mo, actor_name="mo")
    record(EventType.PURGED, REFERENCE)
    mo.delete()
    html = as_manager.get(SEARCH, {"reference": "k73f9q"}, follow=True).content.decode()
    assert "The enquiry itself has been deleted" in html
    assert "deleted it at the end of the retention period" in html
    assert '<th scope="row">mo</th>' in html
    assert "no longer has an account" in html


def test_an_enquiry_that_no_one_opened_and_an_unknown_reference_say_so(as_manager: Client) -> None:
    make_enquiry(reference=REFERENCE)
    for typed in ("k73f9q", " k7 3f9q ", "K7–3F9Q"):
        assert "No one has opened it" in as_manager.get(SEARCH, {"reference": typed}).content.decode()
    for unknown, said in (("AA-AAAA", "There is no record of"), ("K0-3F9Q", "is not a reference")):
        for response in (as_manager.get(log_of(unknown)), as_manager.get(SEARCH, {"reference": unknown})):
            assert response.status_code == 404
            assert said in response.content.decode()


def test_events_are_found_by_type_person_and_reference(as_manager: Client, receptionist: User) -> None:
    by = {"actor": receptionist, "actor_name": "reception"}
    EnquiryEvent.objects.create(kind="seen", reference=REFERENCE, detail="opened", **by)
    EnquiryEvent.objects.create(kind="listed", references=f"34-6797 {REFERENCE}", detail="in a list", **by)
    EnquiryEvent.objects.create(kind="purged", reference="34-6797", detail="by itself")
    of_both = ({"actor__id__exact": receptionist.pk}, {"q": "k73f9q"}, {"q": "reception"})
    for query, found in (
        ({}, {"opened", "in a list", "by itself"}),
        ({"kind__exact": "seen"}, {"opened"}),
        ({"actor__isnull": "True"}, {"by itself"}),
        *((query, {"opened", "in a list"}) for query in of_both),
    ):
        html = as_manager.get(reverse("admin:contact_enquiryevent_changelist"), query).content.decode()
        assert set(re.findall(r'class="field-detail[^"]*">([^<]*)<', html)) == found

"""A physiotherapist sees the one enquiry that was shared with them, for some days, and can only write a note on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from clinic.sign_in.middleware import ACTIVE_AT
from contact.models import Enquiry, EnquiryEvent, Entry, PurgeRun, Share
from contact.privacy.deletion import delete
from contact.privacy.person import as_data
from contact.workflow.activity_log import activity_of
from contact.workflow.overview import queues
from tests.contact.admin.enquiry_page import address_of, press
from tests.contact.admin.test_permissions import DESK, MANAGERS
from tests.contact.factories import browser_of, make_enquiry
from tests.factories import PASSWORD, make_person

DASHBOARD = reverse("wagtailadmin_home")
NOTE = {"text": "Not before an X-ray."}


@pytest.fixture
def robin() -> User:
    return make_person("Physiotherapists", "robin", first_name="Robin", last_name="Sample")


@pytest.fixture
def robins_browser(robin: User) -> Client:
    return browser_of(robin)


def page_of(enquiry: Enquiry) -> str:
    return reverse("shared_enquiry", args=[enquiry.reference])


def make_share(robin: User, days: int = 3, **fields: Any) -> Enquiry:
    enquiry = make_enquiry(**fields)
    Share.objects.create(enquiry=enquiry, user=robin, until=timezone.localdate() + timedelta(days))
    return enquiry


def test_the_desk_asks_a_physiotherapist_and_reads_an_answer(desk: Client, robin: User, robins_browser: Client) -> None:
    enquiry = make_enquiry(name="Sam Quill", message="My knee clicks.", phone="867 555 0142", email="sam@example.org")
    press(desk, enquiry, "_share", share_with=str(robin.pk), share_days="7", share_question="Is IMS possible?")
    until = timezone.localdate() + timedelta(7)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([robin.email], f"A colleague asks you: enquiry {enquiry.reference}")
    assert page_of(enquiry) in letter.body
    assert not [word for word in ("Sam", "knee", "555 0142", "IMS") if word in str(letter.message())]
    assert f"A colleague asks you: {enquiry.reference}" in robins_browser.get(DASHBOARD).content.decode()

    html = robins_browser.get(page_of(enquiry)).content.decode()
    words = ("Sam Quill", "My knee clicks.", "For Robin Sample: Is IMS possible?", "555", "sam@example.org")
    assert [word for word in words if word in html] == [*words[:3]], "and not how to reach the patient"
    assert "This field is required." in robins_browser.post(page_of(enquiry)).content.decode()
    assert robins_browser.post(page_of(enquiry), NOTE, follow=True).status_code == 200

    html = desk.get(address_of(enquiry)).content.decode()
    shown = (f"with Robin Sample until {until:%b %-d}", "Not before an X-ray.", "by Robin Sample")
    assert [words for words in shown if words not in html] == []
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.follow_up_reason) == ("new", "Robin Sample wrote a note")
    assert Enquiry.objects.filter(queues(robin, timezone.now())["follow_up"]).exists()
    kinds = list(EnquiryEvent.objects.filter(actor=robin).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["seen", "seen", "noted", "changed", "seen"]


def test_a_note_leaves_an_answer_and_a_plan_as_they_are_and_a_mail_says_so(robin: User, robins_browser: Client) -> None:
    answered, waiting = make_share(robin, status="answered"), make_share(robin, waiting_for_patient=True)
    for enquiry in (answered, waiting):
        robins_browser.post(page_of(enquiry), NOTE)
        enquiry.refresh_from_db()
    assert (answered.status, answered.follow_up_at) == ("answered", None)
    assert (waiting.waiting_for_patient, waiting.follow_up_at) == (True, None)
    assert Entry.objects.count() == 2
    assert [letter.subject for letter in mail.outbox] == [
        f"Note on enquiry {one.reference}" for one in (answered, waiting)
    ]
    assert not any(NOTE["text"] in letter.body for letter in mail.outbox)


def test_a_shared_enquiry_locks_like_the_desk(robin: User, robins_browser: Client, settings: Settings) -> None:
    enquiry = make_share(robin, message="My knee clicks.")
    robins_browser.get(page_of(enquiry))
    session = robins_browser.session
    session[ACTIVE_AT] -= settings.DESK_LOCKS_AFTER + 1
    session.save()
    locked = robins_browser.get(page_of(enquiry))
    assert locked.status_code == 403
    assert "My knee clicks." not in locked.content.decode()
    robins_browser.post(page_of(enquiry), {"unlock_password": PASSWORD, "unlock_read": "yes"})
    assert "My knee clicks." in robins_browser.get(page_of(enquiry)).content.decode()


def test_a_second_click_mails_nothing_again(desk: Client, robin: User) -> None:
    enquiry = make_enquiry()
    for days, question, mails in (3, "Is IMS possible?", 1), (3, "Is IMS possible?", 1), (14, "And running?", 2):
        press(desk, enquiry, "_share", share_with=str(robin.pk), share_days=str(days), share_question=question)
        assert len(mail.outbox) == Entry.objects.count() == mails
    assert Share.objects.get().until == timezone.localdate() + timedelta(14)


def test_nothing_else_is_open_to_a_colleague_who_was_asked(robin: User, robins_browser: Client) -> None:
    kim = make_person("Physiotherapists", "kim")
    own, other = make_share(robin), make_share(kim, name="Quillon Zephyrine")
    User.objects.filter(pk=robin.pk).update(email="")  # a share does not end with the address of its mail
    assert robins_browser.get(page_of(own)).status_code == 200
    for ask in (robins_browser.get, robins_browser.post):
        response = ask(page_of(other))
        assert (response.status_code, "Quillon" in response.content.decode()) == (404, False)
    dashboard = robins_browser.get(DASHBOARD).content.decode()
    assert (own.reference in dashboard, other.reference in dashboard) == (True, False)
    assert 'href="/django-admin/' not in dashboard
    pages = [reverse(f"admin:{name}") for name in (*DESK, *MANAGERS)]
    pages += [address_of(own, page) for page in ("change", "history", "reply", "take", "seen", "verdict", "others")]
    for page in pages:
        posted = robins_browser.post(page, {"status": "closed", "note_text": "x", "format": "csv"})
        assert (robins_browser.get(page).status_code in {403, 405}, posted.status_code) == (True, 403), page
    robins_browser.post(page_of(own), {"status": "closed", "_share": "yes", "share_with": str(robin.pk)})
    own.refresh_from_db()
    assert (own.status, own.revision, Entry.objects.count()) == ("new", 0, 0)


@pytest.mark.parametrize("why", ["over", "ended", "deactivated", "another role", "erased"])
def test_a_share_ends(why: str, as_manager: Client, robin: User, robins_browser: Client) -> None:
    enquiry = make_share(robin)
    match why:
        case "over":
            Share.objects.update(until=timezone.localdate() - timedelta(1))
        case "ended":
            press(as_manager, enquiry, _end_share=str(Share.objects.get().pk))
            assert EnquiryEvent.objects.get(kind="unshared").detail == "with Robin Sample"
        case "deactivated":
            person = {"username": "robin", "first_name": "Robin", "last_name": "Sample", "email": robin.email}
            as_manager.post(reverse("wagtailusers_users:edit", args=[robin.pk]), person)
            assert not Share.objects.exists()
        case "another role":
            robin.groups.clear()
        case "erased":
            delete({enquiry: PurgeRun.Reason.REQUEST})
    for ask in (robins_browser.get, robins_browser.post):
        assert ask(page_of(enquiry), NOTE).status_code in {302, 404}
    assert enquiry.reference not in robins_browser.get(DASHBOARD).content.decode()
    assert not Entry.objects.exists()


def test_only_physiotherapists_who_can_sign_in_can_be_asked(desk: Client, robin: User) -> None:
    enquiry, gone = make_enquiry(), make_person("Physiotherapists", "gone", is_active=False)
    invited = make_person("Physiotherapists", "invited")
    invited.set_unusable_password()
    invited.save()
    offered = desk.get(address_of(enquiry)).context["answer"].fields["share_with"].queryset
    assert list(offered) == [robin]
    for typed in ({"share_with": str(gone.pk)}, {"share_question": "Who knows?"}, {}):
        html = press(desk, enquiry, "_share", **typed).content.decode()
        assert "Nothing has been saved yet." in html
    assert not Share.objects.exists()


def test_the_person_learns_with_whom_their_enquiry_was_shared(desk: Client, robin: User) -> None:
    enquiry = make_enquiry()
    press(desk, enquiry, "_share", share_with=str(robin.pk))
    [data] = as_data([enquiry])["enquiries"]
    [shared] = [event["Details"] for event in data["activity"] if event["Type"] == "Shared"]
    assert "with Robin Sample until" in shared
    activities, _readers = activity_of(enquiry.reference)
    assert activities[-1].what == "shared it so that a physiotherapist could read it"

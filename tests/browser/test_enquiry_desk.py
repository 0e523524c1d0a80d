from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Locator, Page, expect

from contact.models import Enquiry, Entry
from contact.monitoring.health import beat
from tests.browser.axe import each_look
from tests.browser.conftest import DESKTOP, PHONE, SignIn
from tests.browser.places import open_everything, sheets
from tests.contact.factories import hours_ago, make_enquiry, make_message

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def busy_enquiry() -> Enquiry:
    """Return one with everything that its page can show at once."""
    enquiry = make_enquiry(
        email="sam@gmial.com", red_flags=["Chest pain"], masked=["date of birth"], due_at=hours_ago(1)
    )  # fmt: skip
    make_message(enquiry=enquiry, kind="patient_receipt", sent_at=hours_ago(2), bounced_at=hours_ago(1))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome="no_answer", text="Rang twice")
    return enquiry


def address_of(enquiry: Enquiry, page: str = "change") -> str:
    return reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk])


def test_two_colleagues_see_each_other_and_the_second_to_save_sees_both_versions(demo: None, sign_in: SignIn) -> None:
    enquiry = make_enquiry()
    mine, theirs = sign_in("reception"), sign_in("manager")
    mine.goto(address_of(enquiry))
    expect(mine.locator("#viewers")).to_be_empty()
    theirs.goto(address_of(enquiry))
    expect(theirs.locator("#viewers")).to_contain_text("opened this a moment ago")
    mine.evaluate("refreshViewers()")  # what its script does every twenty seconds
    expect(mine.locator("#viewers")).to_contain_text("opened this a moment ago")
    theirs.get_by_label("Status").select_option("answered")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_text("saved: status: New → Answered")).to_be_visible()
    mine.get_by_label("Status").select_option("closed")
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("row", name="Status Answered Closed")).to_be_visible()
    mine.get_by_role("button", name="Save my change").click()
    expect(mine.get_by_text("saved: status: Answered → Closed")).to_be_visible()
    enquiry.refresh_from_db()
    assert enquiry.status == "closed"


def test_leaving_with_unsaved_words_asks_first_and_each_button_keeps_them(demo: None, sign_in: SignIn) -> None:
    enquiry = make_enquiry()
    page = sign_in("reception")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(address_of(enquiry))
    page.get_by_label("Status").select_option("answered")
    page.get_by_text("Write a note", exact=True).click()
    page.get_by_label("Note for colleagues").fill("Prefers Sam")
    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Assign to me").click()
    expect(page.get_by_label("Note for colleagues")).to_have_value("Prefers Sam")
    assert asked == ["beforeunload", "beforeunload"]
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("saved: note saved; status: New → Answered")).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Needs your attention")).to_be_visible()
    assert len(asked) == 2


def test_on_a_phone_the_first_enquiry_and_the_ways_to_answer_it_begin_on_the_first_screen(
    demo: None, sign_in: SignIn
) -> None:
    enquiry = make_enquiry(preferred_contact="phone", voicemail_ok=True)
    beat()  # no banner about a worker that has stopped
    page = sign_in("reception")
    page.set_viewport_size(PHONE)
    page.goto(reverse("admin:contact_enquiry_changelist"))
    expect(page.locator("#result_list tbody tr")).to_be_in_viewport(ratio=1)
    page.goto(address_of(enquiry))
    for way in (page.locator(".way__button").first, page.get_by_role("heading", name="Call, reply or note")):
        expect(way).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto(reverse("admin:contact_enquiry_changelist"))
    assert page.locator("#result_list tbody tr").evaluate("row => getComputedStyle(row).display") == "table-row"


def test_an_enquiry_prints_on_one_sheet_with_its_warning_signs_in_black(demo: None, sign_in: SignIn) -> None:
    page = sign_in("reception")
    page.goto(address_of(busy_enquiry()))
    assert sheets(page) == 1
    page.emulate_media(media="print")
    for black in (".alert--now h2", ".way__button--preferred"):
        expect(page.locator(black).first).to_have_css("color", "rgb(0, 0, 0)")


# What people press for the commonest jobs, from the list on: at most three clicks, and two for spam.
JOBS: dict[str, list[Callable[[Page], Locator]]] = {
    "call": [
        lambda page: page.get_by_label("Reached, and the enquiry is answered"),
        lambda page: page.get_by_role("button", name="Log and open the next"),
    ],
    "reply": [
        lambda page: page.locator(".texts a").first,
        lambda page: page.get_by_role("button", name="Send and open the next"),
    ],
    "voicemail": [
        lambda page: page.get_by_label("Left a voicemail"),
        lambda page: page.locator("[name=follow_up][value=tomorrow]"),
    ],
    "spam": [lambda page: page.get_by_role("button", name="Spam", exact=True)],
}


def test_the_commonest_jobs_take_three_clicks_from_the_list_and_spam_takes_two(demo: None, sign_in: SignIn) -> None:
    enquiries = {job: make_enquiry(name=f"Patient {job}", voicemail_ok=True) for job in JOBS}
    page = sign_in("reception")
    for job, clicks in JOBS.items():
        page.goto(reverse("admin:contact_enquiry_changelist"))
        page.get_by_role("link", name=f"Patient {job}").click()
        for click in clicks:
            click(page).click()
        expect(page.locator(".messagelist li")).to_be_visible()
    stored = {job: Enquiry.objects.get(pk=enquiry.pk) for job, enquiry in enquiries.items()}
    statuses = {"call": "answered", "reply": "answered", "voicemail": "in_progress", "spam": "spam"}
    assert {job: enquiry.status for job, enquiry in stored.items()} == statuses
    assert stored["voicemail"].follow_up_at
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 1.")).to_be_visible()
    page.goto(reverse("admin:contact_enquiry_numbers"))
    page.keyboard.press("/")
    page.keyboard.type("0142")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(len(JOBS))


OF_AN_ENQUIRY = ["change", "reply", "history"]
OF_ALL_ENQUIRIES = ["changelist", "numbers", "safeguards", "person", "export", "who_saw_search"]
MODELS = ["job", "message", "purgerun", "redflag", "replytext"]


def desk_addresses(enquiry: Enquiry) -> list[str]:
    """Return the addresses of all pages of the desk's own."""
    addresses = [address_of(enquiry, name) for name in OF_AN_ENQUIRY]
    addresses += [reverse(f"admin:contact_enquiry_{name}") for name in OF_ALL_ENQUIRIES]
    addresses += [reverse(f"admin:contact_{model}_changelist") for model in MODELS]
    addresses += [reverse("admin:contact_message_change", args=[one.pk]) for one in enquiry.messages.all()[:1]]
    addresses += [reverse(f"admin:contact_{model}_add") for model in ("redflag", "replytext")]
    return [reverse("admin:index"), *addresses, reverse("admin:contact_enquiry_who_saw", args=[enquiry.reference])]


@pytest.mark.parametrize("half", [0, 1])
def test_axe_finds_nothing_on_the_desks_pages(demo: None, sign_in: SignIn, half: int) -> None:
    page = sign_in("manager")
    found: dict[str, list[str]] = {}
    for address in desk_addresses(busy_enquiry())[half::2]:
        answer = page.goto(address)
        assert answer
        assert answer.status == 200, address
        open_everything(page)
        found |= {f"{address}, {look}": said for look, said in each_look(page)}
    assert {where: said for where, said in found.items() if said} == {}


def test_axe_finds_nothing_on_the_page_that_refuses_the_desk(demo: None, sign_in: SignIn) -> None:
    page = sign_in("physio")
    answer = page.goto(reverse("admin:contact_enquiry_changelist"))
    assert answer
    assert answer.status == 403
    assert {look: found for look, found in each_look(page, sizes=[DESKTOP]) if found} == {}

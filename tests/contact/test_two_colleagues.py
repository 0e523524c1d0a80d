"""Two colleagues at one enquiry: they see each other, and neither overwrites the other without knowing it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from contact.models import Enquiry, EnquiryEvent
from contact.workflow import updates as deciding
from tests.contact.factories import hours_ago, make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


def address_of(enquiry: Enquiry) -> str:
    return reverse("admin:contact_enquiry_change", args=[enquiry.pk])


def sent_by(form: Any) -> dict[str, str]:
    """Return what a browser would send from the form as it is shown, nothing changed."""
    sent = {}
    for field in form:
        value = field.value()
        if value is not None and value is not False:
            sent[field.html_name] = str(value)
        if field.field.show_hidden_initial:
            hidden = form.data.get(field.html_initial_name) if form.is_bound else field.initial
            sent[field.html_initial_name] = str(hidden) if hidden is not None else ""
    return sent


def page_of(desk: Client, enquiry: Enquiry) -> dict[str, str]:
    return sent_by(desk.get(address_of(enquiry)).context["answer"])


def save(desk: Client, enquiry: Enquiry, sent: dict[str, str]) -> Any:
    response = desk.post(address_of(enquiry), sent)
    enquiry.refresh_from_db()
    return response


@pytest.fixture
def mo(db: None) -> User:
    return make_person("Reception", "mo")


@pytest.fixture
def mos_desk(mo: User) -> Client:
    client = Client()
    client.force_login(mo)
    return client


def test_a_page_from_which_nothing_was_changed_takes_nothing_back(desk: Client) -> None:
    enquiry = make_enquiry()
    old_tab = page_of(desk, enquiry)
    save(desk, enquiry, page_of(desk, enquiry) | {"status": "answered"})
    assert save(desk, enquiry, old_tab).status_code == 302
    assert enquiry.status == "answered"
    assert enquiry.answered_at


def test_the_page_remembers_what_it_showed(desk: Client) -> None:
    html = desk.get(address_of(make_enquiry())).content.decode()
    for name in ("status", "assigned_to"):
        assert f'name="initial-{name}"' in html
    assert 'name="seen_revision" value="0"' in html


def test_a_stale_save_is_refused_with_both_versions_and_saving_again_is_deliberate(
    desk: Client, mos_desk: Client, mo: User
) -> None:
    enquiry = make_enquiry()
    mine = page_of(desk, enquiry) | {"status": "closed"}
    save(mos_desk, enquiry, page_of(mos_desk, enquiry) | {"status": "answered", "assigned_to": str(mo.pk)})

    refused = save(desk, enquiry, mine)
    assert refused.status_code == 200
    assert (enquiry.status, enquiry.assigned_to) == ("answered", mo)
    versions = {version.label: (version.now, version.mine) for version in refused.context["answer"].versions}
    assert versions == {"Status": ("Answered", "Closed"), "Assigned to": ("mo", "")}
    html = refused.content.decode()
    assert html.index("a colleague changed this while your page was open") < html.index('class="card"')
    assert '<button type="submit" form="enquiry_form" name="_continue">Save again' in html

    # What I chose is still chosen; what I left alone shows what Mo did, and is not taken back.
    again = sent_by(refused.context["answer"])
    assert (again["status"], again["assigned_to"]) == ("closed", str(mo.pk))
    assert save(desk, enquiry, again).status_code == 302
    assert (enquiry.status, enquiry.assigned_to) == ("closed", mo)


def test_a_refused_save_shows_the_enquiry_as_it_is_and_not_as_it_was_wanted(desk: Client, mos_desk: Client) -> None:
    enquiry = make_enquiry()
    mine = page_of(desk, enquiry) | {"status": "spam"}
    save(mos_desk, enquiry, page_of(mos_desk, enquiry) | {"status": "in_progress"})
    refused = save(desk, enquiry, mine)
    assert refused.context["enquiry"].status == "in_progress"
    assert 'class="pill pill--in_progress"' in refused.content.decode()


def test_a_third_change_in_between_is_refused_too(desk: Client, mos_desk: Client) -> None:
    enquiry = make_enquiry()
    mine = page_of(desk, enquiry) | {"status": "closed"}
    save(mos_desk, enquiry, page_of(mos_desk, enquiry) | {"status": "answered"})
    again = sent_by(save(desk, enquiry, mine).context["answer"])
    save(mos_desk, enquiry, page_of(mos_desk, enquiry) | {"status": "in_progress"})
    assert save(desk, enquiry, again).status_code == 200
    assert enquiry.status == "in_progress"


def test_a_save_that_comes_too_late_by_a_moment_is_checked_again(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry()
    mine = page_of(desk, enquiry) | {"status": "closed"}
    tries = []

    def too_late_once(saved: Enquiry, *args: Any, **kwargs: Any) -> str:
        tries.append(kwargs.get("seen"))
        if len(tries) == 1:
            raise deciding.StaleError(saved)
        return change(saved, *args, **kwargs)

    change = deciding.update_enquiry
    monkeypatch.setattr(deciding, "update_enquiry", too_late_once)
    assert save(desk, enquiry, mine).status_code == 302
    assert (tries, enquiry.status) == ([0, 0, None], "closed")


def test_colleagues_see_who_opened_the_enquiry_a_moment_ago(desk: Client, mos_desk: Client, mo: User) -> None:
    enquiry = make_enquiry()
    mos_desk.get(address_of(enquiry))
    assert [colleague.name for colleague in desk.get(address_of(enquiry)).context["others"]] == ["mo"]
    others = reverse("admin:contact_enquiry_others", args=[enquiry.pk])
    assert "<strong>reception</strong> opened this a moment ago" in mos_desk.get(others).content.decode()
    assert "mo" not in desk.get(reverse("admin:contact_enquiry_others", args=[make_enquiry().pk])).content.decode()


def test_who_opened_it_half_an_hour_ago_is_not_here(desk: Client, mo: User) -> None:
    enquiry = make_enquiry()
    EnquiryEvent.objects.create(
        kind="seen", reference=enquiry.reference, actor=mo, actor_name="mo", at=hours_ago(0.5)
    )  # fmt: skip
    assert desk.get(address_of(enquiry)).context["others"] == []


def test_the_page_says_who_has_taken_it_on(desk: Client, mo: User) -> None:
    mo.first_name, mo.last_name = "Mo", "Muster"
    mo.save()
    enquiry = make_enquiry(assigned_to=mo)
    assert "<strong>Mo Muster</strong> answers this one" in desk.get(address_of(enquiry)).content.decode()


def test_taking_it_on_assigns_it_and_begins_the_work(desk: Client) -> None:
    enquiry = make_enquiry()
    take = reverse("admin:contact_enquiry_take", args=[enquiry.pk])
    assert desk.post(take, {"seen": "0"}).status_code == 302
    enquiry.refresh_from_db()
    assert (str(enquiry.assigned_to), enquiry.status) == ("reception", "in_progress")


@pytest.mark.parametrize("seen", ["0", "", "nonsense"])
def test_nobody_takes_what_a_colleague_has_just_taken(desk: Client, mos_desk: Client, mo: User, seen: str) -> None:
    enquiry = make_enquiry()
    take = reverse("admin:contact_enquiry_take", args=[enquiry.pk])
    mos_desk.post(take, {"seen": "0"})
    said = desk.post(take, {"seen": seen}, follow=True).content.decode()
    enquiry.refresh_from_db()
    assert enquiry.assigned_to == mo
    assert "A colleague changed this enquiry a moment ago" in said


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_save_at_the_same_moment_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry()
    pages = []
    for name in ("mo", "jo"):
        client = Client()
        client.force_login(make_person("Reception", name))
        pages.append((client, page_of(client, enquiry)))
    # SQLite lets one request in at a time; on PostgreSQL both have checked their form before either saves.
    start, both_checked, answers = threading.Barrier(2), threading.Barrier(2), []
    change = deciding.update_enquiry

    def when_both_have_checked(*args: Any, **kwargs: Any) -> str:
        if connection.vendor == "postgresql" and "seen" in kwargs:
            both_checked.wait(timeout=30)
        return change(*args, **kwargs)

    monkeypatch.setattr(deciding, "update_enquiry", when_both_have_checked)

    def press_save(client: Client, sent: dict[str, str], status: str) -> None:
        start.wait()
        answers.append(client.post(address_of(enquiry), sent | {"status": status}).status_code)
        connection.close()

    threads = [
        threading.Thread(target=press_save, args=(*page, status))
        for page, status in zip(pages, ("answered", "closed"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    enquiry.refresh_from_db()
    assert enquiry.revision == 1
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1

"""What the home page gathers: cards, lists of pages, people, hours."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client
from wagtail.models import Page

from clinic.lib.opening_hours import Schedule
from clinic.models import FeaturedPage, HomePage
from clinic.public.navigation import Navigation
from tests import factories

pytestmark = pytest.mark.django_db


def feature(home: HomePage, *pages: Page) -> HomePage:
    home.featured_pages.set([FeaturedPage(page=page) for page in pages])
    home.save()
    return home


def test_a_featured_page_is_a_card_and_a_featured_index_is_the_list_of_its_live_pages(
    home: HomePage, visit: HttpRequest
) -> None:
    service = factories.make_service()
    shoulder = factories.make_condition("Frozen shoulder")
    factories.make_condition("Not written yet", live=False)
    index = shoulder.get_parent()
    context = feature(home, service, index).get_context(visit)
    assert context["featured_pages"] == [service]
    (conditions,) = context["featured_lists"]
    assert conditions["page"].pk == index.pk
    assert [page.title for page in conditions["pages"]] == ["Frozen shoulder"]


def test_the_people_of_the_clinic_are_on_the_home_page(home: HomePage, client: Client) -> None:
    factories.make_practitioner("Robin Sample")
    factories.make_practitioner("Jo Draft", live=False)
    page = client.get("/").content.decode()
    assert "Robin Sample" in page
    assert "Jo Draft" not in page


def test_pages_below_home_that_are_not_in_the_menu_are_in_the_footer(visit: HttpRequest) -> None:
    factories.make_standard("In the menu", show_in_menus=True)
    factories.make_standard("Privacy")
    assert [link.title for link in Navigation.for_request(visit).footer] == ["Privacy"]


def test_a_template_can_say_when_the_clinic_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/Whitehorse"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    christmas = date(2026, 12, 25)
    schedule = Schedule([(0, time(8, 30), time(17))], [(christmas, christmas, "Christmas")])
    template = Template(
        "{% load clinic_tags %}{% opening_status schedule as status %}{{ status.text }}"
        "{% coming_closures schedule as closures %}"
        "{% for days, reason in closures %} {{ days }}: {{ reason }}{% endfor %}"
    )
    assert template.render(Context({"schedule": schedule})) == (
        "Open now until 5\N{NO-BREAK SPACE}p.m. Friday, December\N{NO-BREAK SPACE}25: Christmas"
    )

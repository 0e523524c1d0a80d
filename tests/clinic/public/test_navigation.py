import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from wagtail.models import Page, Site

from clinic.models import ClinicDetails, HomePage
from clinic.public.navigation import Navigation
from tests import factories

pytestmark = pytest.mark.django_db


def menu(request: HttpRequest, page: Page | None = None) -> list[str]:
    return [link.title for link in Navigation.for_request(request, page).menu]


def test_the_menu_holds_the_pages_that_editors_put_into_it_and_the_footer_the_others(visit: HttpRequest) -> None:
    about, *_rest = [factories.make_standard(f"Page {number}", show_in_menus=True) for number in range(1, 9)]
    factories.make_standard("Our history", parent=about, show_in_menus=True)
    factories.make_standard("Privacy")
    links = Navigation.for_request(visit)
    assert [link.title for link in links.menu] == [f"Page {number}" for number in range(1, 7)]
    assert [link.title for link in links.footer] == ["Page 7", "Page 8", "Privacy"]
    assert links.breadcrumbs == (), "search and the enquiry form are no pages"
    assert not any(link.is_current for link in links.menu)


def test_drafts_are_neither_in_the_menu_nor_in_the_breadcrumbs(visit: HttpRequest, home: HomePage) -> None:
    draft = factories.make_standard("Draft", show_in_menus=True, live=False)
    below = factories.make_standard("Below it", parent=draft)
    assert menu(visit, below) == []
    elsewhere = factories.make_standard("Outside the site", parent=home.get_parent())
    for page, steps in ((below, [("Home", "/")]), (home, []), (elsewhere, [])):
        assert [(link.title, link.url) for link in Navigation.for_request(visit, page).breadcrumbs] == steps


def test_the_menu_marks_the_part_of_the_site_where_the_visitor_is(visit: HttpRequest) -> None:
    about = factories.make_standard("Page 1", show_in_menus=True)
    factories.make_standard("Page 10", show_in_menus=True)  # its address begins like that of the first
    for page in (about, factories.make_standard("History", parent=about)):
        marked = [link.title for link in Navigation.for_request(visit, page).menu if link.is_current]
        assert marked == ["Page 1"]


def test_each_site_has_its_own_menu_and_details(rf: RequestFactory, details: ClinicDetails) -> None:
    other = Page.objects.get(depth=1).add_child(instance=HomePage(title="Dawson", slug="dawson", headline="Dawson"))
    site = Site.objects.create(hostname="localhost", root_page=other)
    ClinicDetails.objects.create(site=site, name="Dawson Physiotherapy")
    factories.make_standard("About us", show_in_menus=True)
    factories.make_standard("Ferry", parent=other, show_in_menus=True)
    for host, name, title in (("testserver", details.name, "About us"), ("localhost", "Dawson Physiotherapy", "Ferry")):
        visit = rf.get("/", headers={"host": host})
        assert menu(visit) == [title]
        assert ClinicDetails.for_request(visit).name == name

"""The root page of a site cannot be deleted or unpublished."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from clinic.models import ClinicDetails, HomePage
from tests import factories

# Wagtail asks for it where many pages go at once.
CONFIRMED = {"confirm_site_name": "Fireweed Physiotherapy"}


@pytest.fixture
def at_the_admin(client: Client, details: ClinicDetails, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_the_home_page_cannot_be_deleted_or_unpublished(at_the_admin: Client, home: HomePage, action: str) -> None:
    address = reverse(f"wagtailadmin_pages:{action}", args=[home.pk])
    assert address not in at_the_admin.get(reverse("wagtailadmin_explore", args=[home.pk])).content.decode()
    for response in (at_the_admin.get(address), at_the_admin.post(address, CONFIRMED)):
        assert response.status_code == 302
    assert HomePage.objects.get(pk=home.pk).live
    assert ClinicDetails.objects.exists()


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_the_home_page_is_protected_in_bulk_actions(at_the_admin: Client, home: HomePage, action: str) -> None:
    other = factories.make_standard()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    at_the_admin.post(f"{address}?id={home.pk}&id={other.pk}", CONFIRMED)
    assert list(Page.objects.live().filter(pk__in=[home.pk, other.pk])) == [home.page_ptr]


def test_the_root_page_of_another_site_and_the_pages_above_it_cannot_be_deleted(at_the_admin: Client) -> None:
    above = factories.make_standard("Above")
    below = factories.make_standard("Below", above)
    Site.objects.create(hostname="other.example", root_page=below)
    at_the_admin.post(reverse("wagtailadmin_pages:delete", args=[above.pk]))
    assert Page.objects.live().filter(pk__in=[above.pk, below.pk]).count() == 2
    at_the_admin.post(reverse("wagtailadmin_pages:unpublish", args=[above.pk]), {"include_descendants": "on"})
    assert list(Page.objects.live().filter(pk__in=[above.pk, below.pk])) == [below.page_ptr]


def test_the_home_page_cannot_be_moved_below_another(at_the_admin: Client, home: HomePage) -> None:
    page = factories.make_standard()
    second = HomePage(title="Second", slug="second", headline="Second")
    Page.objects.get(depth=1).add_child(instance=second)
    for address in (
        reverse("wagtailadmin_pages:move_confirm", args=[home.pk, second.pk]),
        reverse("wagtailadmin_pages:move_confirm", args=[home.pk, page.pk]),
    ):
        assert at_the_admin.post(address).status_code in {302, 403}
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    at_the_admin.post(f"{address}?id={home.pk}", {"chooser": second.pk})
    assert HomePage.objects.get(pk=home.pk).depth == 2


def test_the_home_page_cannot_expire(home: HomePage) -> None:
    home.expire_at = timezone.now()
    with pytest.raises(ValidationError, match="so it cannot expire"):
        home.full_clean()


@pytest.fixture
def as_administrator(client: Client, details: ClinicDetails) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_a_site_cannot_be_deleted(as_administrator: Client, site: Site) -> None:
    address = reverse("wagtailsites:delete", args=[site.pk])
    for said in (as_administrator.get(address, follow=True), as_administrator.post(address, follow=True)):
        assert "A site cannot be deleted" in said.content.decode()
    assert ClinicDetails.objects.exists()


def test_without_a_home_page_the_demo_says_so_and_the_site_starts(
    home: HomePage, capsys: pytest.CaptureFixture[str]
) -> None:
    Site.objects.all().delete()
    with pytest.raises(CommandError, match="The site has no home page"):
        call_command("load_demo")
    call_command("load_demo", if_empty=True)
    said = capsys.readouterr()
    assert "The demo clinic is not loaded." in said.out
    assert "The site has no home page" in said.err

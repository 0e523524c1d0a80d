import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from clinic.models import ClinicDetails, HomePage
from tests import factories

pytestmark = pytest.mark.usefixtures("details")
# Wagtail asks for it where many pages go at once.
CONFIRMED = {"confirm_site_name": "Fireweed Physiotherapy"}


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_the_home_page_cannot_be_deleted_or_unpublished(as_manager: Client, home: HomePage, action: str) -> None:
    address = reverse(f"wagtailadmin_pages:{action}", args=[home.pk])
    assert address not in as_manager.get(reverse("wagtailadmin_explore", args=[home.pk])).text
    for response in (as_manager.get(address), as_manager.post(address, CONFIRMED)):
        assert response.status_code == 302
    other = factories.make_standard()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    as_manager.post(f"{address}?id={home.pk}&id={other.pk}", CONFIRMED)
    assert list(Page.objects.live().filter(pk__in=[home.pk, other.pk])) == [home.page_ptr]
    assert ClinicDetails.objects.exists()


def test_the_root_page_of_another_site_and_the_pages_above_it_cannot_be_deleted(as_manager: Client) -> None:
    above = factories.make_standard("Above")
    below = factories.make_standard("Below", above)
    Site.objects.create(hostname="other.example", root_page=below)
    as_manager.post(reverse("wagtailadmin_pages:delete", args=[above.pk]))
    assert Page.objects.live().filter(pk__in=[above.pk, below.pk]).count() == 2
    as_manager.post(reverse("wagtailadmin_pages:unpublish", args=[above.pk]), {"include_descendants": "on"})
    assert list(Page.objects.live().filter(pk__in=[above.pk, below.pk])) == [below.page_ptr]


def test_the_home_page_cannot_expire_or_be_moved_below_another(as_manager: Client, home: HomePage) -> None:
    home.expire_at = timezone.now()
    with pytest.raises(ValidationError, match="so it cannot expire"):
        home.full_clean()
    page = factories.make_standard()
    second = HomePage(title="Second", slug="second", headline="Second")
    Page.objects.get(depth=1).add_child(instance=second)
    for target in (second, page):
        address = reverse("wagtailadmin_pages:move_confirm", args=[home.pk, target.pk])
        assert as_manager.post(address).status_code in {302, 403}
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    as_manager.post(f"{address}?id={home.pk}", {"chooser": second.pk})
    assert HomePage.objects.get(pk=home.pk).depth == 2


def test_a_site_cannot_be_deleted(admin_client: Client, site: Site) -> None:
    address = reverse("wagtailsites:delete", args=[site.pk])
    for said in (admin_client.get(address, follow=True), admin_client.post(address, follow=True)):
        assert "A site cannot be deleted" in said.text
    assert ClinicDetails.objects.exists()


def test_without_a_home_page_the_demo_says_so_and_is_left_out(
    home: HomePage, capsys: pytest.CaptureFixture[str]
) -> None:
    Site.objects.all().delete()
    with pytest.raises(CommandError, match="The site has no home page"):
        call_command("load_demo")
    call_command("load_demo", if_empty=True)
    said = capsys.readouterr()
    assert "The demo clinic is not loaded." in said.out
    assert "The site has no home page" in said.err

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image
from pytest_django import Settings
from wagtail.models import Page, Site

from clinic.demo import build, words
from clinic.demo.build import PASSWORD, USERS, is_empty
from clinic.models import ClinicDetails, ClinicImage, DemoRecord, SearchWords
from contact.models.settings import staff_address
from tests import factories
from tests.demo.loading import NOT_CONTENT, PATHS, PICTURES, columns, everything, load, page_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

LARGEST_PICTURES = 2.5 * 1024 * 1024
# What publishing writes into a page's row.
PUBLISHING = {
    "first_published_at",
    "has_unpublished_changes",
    "last_published_at",
    "latest_revision",
    "latest_revision_created_at",
    "live_revision",
}


def test_loading_fills_the_site_without_users_that_have_a_known_password(demo: dict[str, Any]) -> None:
    assert User.objects.count() == 0
    assert "No users were created" in demo["said"]
    assert PASSWORD not in demo["said"]
    assert "The demo clinic is loaded." in demo["said"]
    assert Page.objects.live().filter(depth__gt=1).count() == len(PATHS)
    assert ClinicImage.objects.count() == len(words.read_pictures())
    assert all(image.description and image.has_focal_point() for image in ClinicImage.objects.all())
    details = ClinicDetails.objects.get()
    assert (details.phone, details.demo_notice) == ("867-555-0142", True)
    assert details.main_location is not None
    assert SearchWords.objects.get().synonyms


def test_loading_again_restores_nothing_that_an_editor_changed_or_deleted() -> None:
    page = page_at("/about/")
    page.title = "About our people"
    page.save_revision().publish()
    page_at("/accessibility/").delete()
    load()
    assert page_at("/about/").title == "About our people"
    assert not Page.objects.filter(slug="accessibility").exists()


def test_loading_a_second_time_changes_nothing() -> None:
    before = everything()
    assert "The site already has pages" in load("--if-empty")
    load()
    assert everything() == before


def test_under_make_run_one_person_is_made_for_each_role(settings: Settings) -> None:
    settings.DEMO_USERS = True
    said = load()
    for name, role in USERS.items():
        user = User.objects.get(username=name)
        assert [group.name for group in user.groups.all()] == [role]
        assert not user.is_superuser
        assert user.check_password(PASSWORD)
        assert name in said
    assert PASSWORD in said
    assert PASSWORD in load("--if-empty")
    assert User.objects.count() == len(USERS)


def test_a_person_who_was_there_before_keeps_their_password(settings: Settings) -> None:
    settings.DEMO_USERS = True
    User.objects.create_user("manager", password="their own password")
    load()
    manager = User.objects.get(username="manager")
    assert manager.check_password("their own password")
    assert not manager.groups.exists()


def test_flushing_leaves_what_was_there_before(demo: dict[str, Any], settings: Settings) -> None:
    settings.DEMO_USERS = True
    load()
    page_at("/about/").save_revision(user=User.objects.get(username="physio")).publish()
    said = load("--flush-demo")
    assert said.splitlines() == ["The demo clinic was removed."]
    left = everything(without=NOT_CONTENT)
    changed = {name for name, rows in left.items() if rows != demo["before"][name]}
    # The home page has new revisions, and the settings, which had no row, have one as on a new site.
    settings_rows = {"clinic.ClinicDetails", "clinic.SearchWords", "contact.DeskSettings"}
    assert changed <= {"wagtailcore.Page", "clinic.HomePage"} | settings_rows
    assert staff_address() == "clinic@example.org"  # and not the demo's reception
    for name in ("wagtailcore.Page", "clinic.HomePage"):
        for row, earlier in zip(left[name], demo["before"][name], strict=True):
            assert {column for column in row if row[column] != earlier[column]} <= PUBLISHING
    assert is_empty()
    assert not DemoRecord.objects.exists()
    assert columns(ClinicDetails.objects.get()) | {"id": None} == columns(ClinicDetails(site=Site.objects.get()))
    assert columns(SearchWords.objects.get()) | {"id": None} == columns(SearchWords(site=Site.objects.get()))
    assert Client().get("/").status_code == 200


def test_flushing_leaves_what_the_clinic_made_or_changed_and_the_demo_can_be_loaded_again_beside_it(
    client: Client, manager: User
) -> None:
    for path in ("/about/", "/privacy/"):
        page_at(path).delete()
    needle = ClinicImage.objects.get(title="Needle")
    factories.make_service("Own treatment", lead_image=needle)
    own = factories.make_standard("About", introduction="Our own words.")
    for path in ("/", "/services/manual-therapy/"):
        page = page_at(path)
        page.introduction = "Our own words."
        page.save_revision(user=manager).publish()
    ClinicDetails.objects.update(phone="867-668-1234", privacy_page=own.pk)
    said = load("--flush-demo")
    for line in (
        "page:/ stays: it was edited.",
        "page:/services/manual-therapy/ stays: it was edited.",
        "page:/services/ stays: pages below it stay.",
        "picture:needle stays: a page uses it.",
        "details keeps what was changed: phone, privacy page.",
    ):
        assert line in said
    left = {"/", "/about/", "/services/", "/services/manual-therapy/", "/services/own-treatment/"}
    assert {page.url for page in Page.objects.filter(depth__gt=1)} == left
    assert {client.get(path).status_code for path in left} == {200}
    edited = [page_at(path).introduction for path in ("/", "/services/manual-therapy/")]
    assert edited == ["Our own words.", "Our own words."]
    pictures = {getattr(page_at(path), "lead_image", None) for path in left} - {None}
    assert needle in pictures
    assert set(ClinicImage.objects.all()) == pictures
    details = ClinicDetails.objects.get()
    assert (details.phone, details.privacy_page_id) == ("867-668-1234", own.pk)
    assert (details.name, details.email, details.main_location, details.demo_notice) == ("Our clinic", "", None, False)
    load()
    assert Page.objects.live().filter(depth__gt=1).count() == len(PATHS) + 1
    assert page_at("/privacy/").live
    assert {page_at(path).introduction for path in ("/", "/about/")} == {"Our own words."}
    details = ClinicDetails.objects.get()
    assert (details.phone, details.privacy_page_id, details.name) == ("867-668-1234", own.pk, "Fireweed Physiotherapy")


def test_a_reference_to_what_is_not_there_is_an_error_that_names_it() -> None:
    demo = build.Demo()
    with pytest.raises(KeyError, match="palm-beach"):
        demo.find("picture", "palm-beach")
    with pytest.raises(KeyError, match="/nothing/"):
        words.resolved('<a href="page:/nothing/">there</a>', demo.find)


def test_the_pictures_are_small_enough_for_the_repository_and_each_leads_one_page() -> None:
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) <= LARGEST_PICTURES
    assert {file.stem for file in PICTURES.iterdir()} == words.read_pictures().keys()
    leading = [page["lead_image"].removeprefix("picture:") for page in words.read_pages() if "lead_image" in page]
    assert sorted(leading) == sorted(words.read_pictures())


@pytest.mark.parametrize(("name", "picture"), words.read_pictures().items())
def test_a_picture_has_a_description_and_a_focal_point_within_it(name: str, picture: dict[str, Any]) -> None:
    x, y, width, height = picture["focal_point"]
    with Image.open(PICTURES / f"{name}.jpg") as opened:
        assert opened.format == "JPEG"
        assert width / 2 <= x <= opened.width - width / 2
        assert height / 2 <= y <= opened.height - height / 2
    assert picture["description"].startswith("Drawing of ")
    assert len(picture["description"]) <= 255

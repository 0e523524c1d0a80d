from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from clinic.images.renditions import make_renditions
from clinic.models import ClinicDetails, HomePage
from clinic.seo import discovery
from tests import factories

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
NAMES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def lines_of(address: str) -> list[str]:
    response = Client().get(address)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    return response.text.splitlines()


def listed(path: str, address: str = "/sitemap.xml") -> list[str]:
    """Return the texts at this path of the sitemap."""
    response = Client().get(address)
    assert response.headers["Content-Type"] == "application/xml"
    found = ET.fromstring(response.content).findall(path, NAMES)  # noqa: S314  our own answer
    return [element.text or "" for element in found]


def test_the_sitemap_names_published_pages_with_last_change_and_picture(home: HomePage, settings: Settings) -> None:
    settings.SITE_URL = site = "https://fireweed.example.org"
    image = factories.make_image()
    home.save_revision().publish()
    factories.make_standard("About us & you", slug="about", lead_image=image)
    factories.make_standard("Not yet", live=False)
    assert listed("map:url/map:loc") == [f"{site}/", f"{site}/about/"]
    (changed,) = listed("map:url/map:lastmod")
    assert timezone.now() - datetime.fromisoformat(changed) < timedelta(minutes=1)
    assert listed(".//image:loc") == []
    make_renditions(image, "lead")
    (address,) = listed("map:url/image:image/image:loc")
    assert address.startswith(f"{site}/media/images/")


def test_a_long_sitemap_comes_in_parts_and_llms_txt_names_it(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "PAGES_IN_A_PART", 2)
    for title in ("One", "Two"):
        factories.make_standard(title)
    assert listed("map:sitemap/map:loc") == [f"{HOST}/sitemap.xml?part={part}" for part in (1, 2)]
    first, second, wrong = (listed("map:url/map:loc", f"/sitemap.xml?part={part}") for part in "12x")
    assert first == wrong == [f"{HOST}/", f"{HOST}/one/"]
    assert second == [f"{HOST}/two/"]
    assert lines_of("/llms.txt")[-1] == f"The others are in the sitemap: {HOST}/sitemap.xml"


def test_a_list_of_all_pages_takes_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    factories.make_clinic()
    for address in ("/sitemap.xml", "/llms.txt"):
        Client().get(address)
        with django_assert_max_num_queries(21):
            assert Client().get(address).status_code == 200


def test_security_txt_names_the_clinics_address_or_else_the_form_and_ends_within_a_year(details: ClinicDetails) -> None:
    def fields_of_it() -> dict[str, str]:
        return dict(line.split(": ", 1) for line in lines_of("/.well-known/security.txt"))

    fields = fields_of_it()
    assert fields["Contact"] == "mailto:hello@fireweed.example.org"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=179) < left < timedelta(days=365)
    details.email = ""
    details.save()
    assert fields_of_it()["Contact"] == "http://testserver/enquiry/"


def test_llms_txt_lists_the_pages_with_a_sentence_on_each(details: ClinicDetails, home: HomePage) -> None:
    home.introduction = "Physiotherapy in the Yukon."
    home.save()
    factories.make_service("Needling & IMS", introduction="A thin needle.\nIn a muscle.")
    factories.make_standard(search_description="Who we are.", introduction="Hello.")
    assert [line for line in lines_of("/llms.txt") if line] == [
        "# Fireweed Physiotherapy",
        "> Physiotherapy in the Yukon.",
        details.emergency_wording,
        f"Contact the clinic at {details.phone} or {details.email}, or use the enquiry form at {HOST}/enquiry/.",
        "## Pages",
        f"- [Services]({HOST}/services/)",
        f"- [Needling & IMS]({HOST}/services/needling-ims/): A thin needle. In a muscle.",
        f"- [About us]({HOST}/about-us/): Who we are.",
    ]

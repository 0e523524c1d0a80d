from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinic.images.renditions import make_renditions
from clinic.models import ClinicDetails, Closure, HomePage, LocationPage
from tests import factories
from tests.markup import Markup
from tests.schema_org import Node, faults, graph_in, one, types_of

pytestmark = pytest.mark.django_db


def graph_at(address: str) -> list[Node]:
    return graph_in(Client().get(address).text)


@pytest.fixture
def location(details: ClinicDetails) -> LocationPage:
    """The clinic's main location, open on two mornings of the same hours and one evening."""
    place = factories.make_location(postal_code="Y1A 0Z0", latitude=Decimal("60.72"), longitude=Decimal("-135.05"))
    for weekday, opens, closes in ((0, "08:30", "17:00"), (1, "08:30", "17:00"), (2, "12:00", "19:00")):
        factories.add_hours(place, weekday, opens, closes)
    details.main_location = place
    details.save()
    return place


def test_every_page_says_what_it_is_where_it_belongs_and_who_publishes_it() -> None:
    for address in set(factories.make_clinic()) - {"/locations/"}:  # which leads to the only location
        graph = graph_at(address)
        assert faults(graph) == [], address
        page = graph[0]
        assert page["url"] == f"http://testserver{address}"
        assert page["isPartOf"] == {"@id": "http://testserver/#website"}
        assert page["publisher"] == {"@id": "http://testserver/#clinic"}
        assert one(graph, "MedicalClinic")["telephone"] == "+18675550142"
        assert page["description"]
        breadcrumbs = [node["itemListElement"] for node in graph if node["@type"] == "BreadcrumbList"]
        assert len(breadcrumbs) == (address != "/")
        for steps in breadcrumbs:
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            assert steps[0] == {"@type": "ListItem", "position": 1, "name": "Home", "item": "http://testserver/"}
            assert steps[-1]["item"] == f"http://testserver{address}"


def test_the_home_page_names_the_site_and_the_clinic_with_address_hours_and_closures(location: LocationPage) -> None:
    over, soon, far = (timezone.localdate() + timedelta(days=days) for days in (-3, 10, 300))
    for day in (over, soon, far):
        Closure.objects.create(location=location, first_day=day, last_day=day, reason="New floors")
    graph = graph_at("/")
    assert one(graph, "WebSite")["name"] == "Fireweed Physiotherapy"
    clinic = one(graph, "Physiotherapy")
    assert clinic["@id"] == "http://testserver/#clinic"
    assert clinic["address"]["streetAddress"] == "1 Sample Street"
    assert one(graph_at(factories.make_standard().url), "MedicalClinic")["address"] == clinic["address"]
    assert clinic["geo"] == {"@type": "GeoCoordinates", "latitude": 60.72, "longitude": -135.05}
    assert [(row["dayOfWeek"], row["opens"], row["closes"]) for row in clinic["openingHoursSpecification"]] == [
        (["Monday", "Tuesday"], "08:30", "17:00"),
        (["Wednesday"], "12:00", "19:00"),
    ]
    (closure,) = clinic["specialOpeningHoursSpecification"]
    assert closure["validFrom"] == closure["validThrough"] == soon.isoformat()
    assert closure["name"] == "New floors"
    assert closure["opens"] == closure["closes"] == "00:00"


def test_people_have_picture_role_credentials_languages_and_say_if_they_take_new_patients(
    details: ClinicDetails,
) -> None:
    make_renditions(image := factories.make_image(), "portrait")
    factories.make_practitioner(lead_image=image, credentials="MPT, CGIMS", languages="English, French")
    factories.make_practitioner("Sam Placeholder", accepts_new_patients=False)
    robin, sam = (node for node in graph_at("/team/") if "Person" in types_of(node))
    assert robin["image"].endswith(".jpg")
    assert robin["description"] == "Taking new patients"
    assert sam["description"] == "Not taking new patients at the moment"
    assert one(graph_at("/team/sam-placeholder/"), "Person")["description"] == sam["description"]
    clinic = one(graph_at("/team/"), "MedicalClinic")
    assert clinic["isAcceptingNewPatients"] is True
    assert clinic["employee"] == [{"@id": robin["@id"]}, {"@id": sam["@id"]}]
    graph = graph_at("/team/robin-sample/")
    person = one(graph, "Person")
    assert graph[0]["@type"] == "ProfilePage"
    assert graph[0]["mainEntity"] == {"@id": person["@id"]} == {"@id": robin["@id"]}
    assert (person["name"], person["jobTitle"]) == ("Robin Sample", "Physiotherapist")
    assert [credential["name"] for credential in person["hasCredential"]] == ["MPT", "CGIMS"]
    assert person["knowsLanguage"] == ["English", "French"]


def test_the_main_location_is_the_clinic_itself_and_another_is_its_branch(location: LocationPage) -> None:
    factories.make_location("Haines Junction", phone="867-555-0199")
    here, branch = graph_at("/locations/whitehorse/"), graph_at("/locations/haines-junction/")
    assert one(here, "MedicalClinic")["@id"] == here[0]["mainEntity"]["@id"] == "http://testserver/#clinic"
    place = next(node for node in branch if node.get("@id") == branch[0]["mainEntity"]["@id"])
    assert place["parentOrganization"] == {"@id": "http://testserver/#clinic"}
    assert place["telephone"] == "+18675550199"
    assert [node["name"] for node in graph_at("/locations/") if "MedicalClinic" in types_of(node)] == [
        "Fireweed Physiotherapy",
        "Fireweed Physiotherapy, Haines Junction",
    ]


def test_text_that_looks_like_markup_cannot_end_the_script(home: HomePage) -> None:
    evil = '</script><script>alert("&")</script>'
    page = factories.make_standard(title="Pain", introduction=evil)
    html = Client().get(page.url).text
    assert graph_in(html)[0]["description"] == evil
    assert "alert" not in "".join(Markup(html).texts("script")[1:])
    assert len(Markup(html).texts("script")) == 1


def test_addresses_are_the_public_ones_whatever_host_is_asked(home: HomePage, settings: Settings) -> None:
    settings.SITE_URL = "https://fireweed.example.org"
    graph = graph_in(Client(headers={"host": "localhost"}).get(factories.make_standard().url).text)
    assert graph[0]["@id"] == "https://fireweed.example.org/about-us/"


def test_empty_fields_are_left_out_and_search_form_and_error_pages_have_no_structured_data(home: HomePage) -> None:
    assert set(one(graph_at("/"), "MedicalClinic")) == {"@type", "@id", "name", "url"}
    for address in ("/search/?q=pain", "/enquiry/", "/nothing-here/"):
        assert "application/ld+json" not in Client().get(address).text

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from services.models import Evidence, ServiceCondition, ServicePage, ServicePractitioner
from services.models import service as service_module
from tests import factories
from tests.edit_form import answers_of
from tests.markup import Markup

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def edit_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_links_lead_both_ways_and_drafts_are_left_out_on_every_side(client: Client) -> None:
    service, person = factories.make_service("Manual therapy"), factories.make_practitioner()
    condition = factories.make_condition()
    factories.give(service, person, factories.make_practitioner("Hidden Person", live=False))
    factories.help_with(service, condition, factories.make_condition("Hidden condition", live=False))
    hidden = factories.make_service("Hidden therapy", live=False)
    factories.give(hidden, person)
    factories.help_with(hidden, condition)
    for page, linked in ((service, {person.url, condition.url}), (condition, {service.url}), (person, {service.url})):
        html = shown(client, page.url)
        assert linked <= set(Markup(html).attributes("a", "href"))
        assert "Hidden" not in html
    for address in ("/services/", "/conditions/", "/team/"):
        assert "Hidden" not in shown(client, address)


def test_people_and_conditions_are_listed_in_the_editors_order() -> None:
    service = factories.make_service()
    people = [factories.make_practitioner(name) for name in ("Alex", "Zoe", "Kim")]
    conditions = [factories.make_condition(name) for name in ("Wrist", "Ankle")]
    factories.give(service, people[1], people[2], people[0])
    factories.help_with(service, *conditions)
    assert [person.title for person in service.live_practitioners()] == ["Zoe", "Kim", "Alex"]
    assert [condition.title for condition in service.live_conditions()] == ["Wrist", "Ankle"]
    assert str(ServicePractitioner.objects.first()) == "Zoe gives IMS and dry needling"
    assert str(ServiceCondition.objects.first()) == "IMS and dry needling may help with Wrist"


def test_a_preview_shows_what_has_not_been_saved(as_physio: Client) -> None:
    service = factories.make_service("Manual therapy")
    robin, jo = factories.make_practitioner(), factories.make_practitioner("Jo Example")
    factories.give(service, robin)
    answers = answers_of(as_physio.get(edit_address(service)).context["form"]) | {"title": "Hands-on therapy"}
    answers["practitioner_links"] = [*answers["practitioner_links"], jo.pk]
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[service.pk])
    assert as_physio.post(preview, answers).json() == {"is_valid": True, "is_available": True}
    drawn = as_physio.get(f"{preview}?mode=").content.decode()
    assert "Hands-on therapy" in drawn
    assert {robin.url, jo.url} <= set(Markup(drawn).attributes("a", "href"))
    assert "Jo Example" not in shown(as_physio, service.url)


def test_the_treatment_page_says_at_a_glance_what_a_patient_asks_first(client: Client) -> None:
    service = factories.make_service(
        helps_with="Tennis elbow\n\n  Sore necks  \n", how_it_feels="A short cramp.", not_suitable_if="You fear needles"
    )
    factories.add_fee(service, "120", 45)
    factories.add_fee(service, "95", 30)
    page = shown(client, service.url).replace("\N{NO-BREAK SPACE}", " ")
    assert page.partition("May help with")[2].partition("</ul>")[0].count("<li>") == 2
    fee = "A visit $120 (45 min), then $95 (30 min)"
    facts = ("Tennis elbow", "Sore necks", "A short cramp.", "You fear needles", fee)
    for words in ("At a glance", *facts):
        assert words in page


def test_a_callout_at_the_beginning_stands_under_the_title_and_the_facts_lead_to_the_emergency_card(
    client: Client,
) -> None:
    callout = {"type": "callout", "value": {"heading": "Nervous about needles?", "text": "<p>Look away.</p>"}}
    card = {"type": "care_card", "value": {"level": "emergency", "heading": "Call 911", "text": "<p>at once</p>"}}
    body = json.dumps([callout, {"type": "heading", "value": "When to get help"}, card])
    html = shown(client, factories.make_service(not_suitable_if="You fear needles", body=body).url)
    assert html.count("Look away.") == 1
    assert html.index("<h1>") < html.index("Nervous about needles?") < html.index("You fear needles")
    glance = html[html.index('<section class="glance') :].partition("</section>")[0]
    assert "#when-to-get-help" in Markup(glance).attributes("a", "href")


def test_the_treatment_page_ends_with_the_form_about_it(client: Client) -> None:
    service = factories.make_service(short_name="IMS")
    page = Markup(shown(client, service.url))
    hidden = [attributes.get("value") for _tag, attributes in page.elements if attributes.get("name") == "about"]
    assert hidden == [str(service.pk)]
    assert ("h2", {"id": "enquiry-heading", "class": "enquiry__heading"}) in page.elements
    assert "/enquiry/" in page.attributes("form", "action")


def test_the_lists_are_in_the_order_of_the_tree_and_a_long_one_goes_on_as_links(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Pelvic health", "Manual therapy"):
        factories.make_service(title, introduction=f"What {title} is.")
        factories.make_condition(f"{title} condition")
    for most, is_card in ((48, True), (1, False)):
        monkeypatch.setattr(service_module, "MOST_CARDS", most)
        drawn = shown(client, "/services/")
        links = dict.fromkeys(Markup(drawn).attributes("a", "href"))
        listed = [link for link in links if link.startswith("/services/") and link != "/services/"]
        assert listed == ["/services/pelvic-health/", "/services/manual-therapy/"]
        assert [f"What {title} is." in drawn for title in ("Pelvic health", "Manual therapy")] == [True, is_card]
    assert "/conditions/pelvic-health-condition/" in Markup(shown(client, "/conditions/")).attributes("a", "href")


def test_a_page_shows_its_sources_and_a_condition_its_other_names(client: Client) -> None:
    text, url = "Brady and others, JMMT, 2014", "https://example.org/study"
    sources = json.dumps([{"type": "source", "value": {"text": text, "url": url, "year": 2014}}])
    condition = factories.make_condition(sources=sources, also_called="lateral epicondylitis")
    for page in (factories.make_service(sources=sources), condition):
        drawn = shown(client, page.url)
        assert text in drawn
        assert "(2014)" in drawn
        assert url in Markup(drawn).attributes("a", "href")
    assert "Also called: lateral epicondylitis" in Markup(drawn).texts("p")


def test_a_button_to_the_form_names_the_page_unless_the_name_would_fill_the_screen(client: Client) -> None:
    long = "Persistent pain between the shoulder blades after a winter of shovelling"
    for page in (factories.make_service(long), factories.make_condition(long)):
        assert "Ask us about this" in Markup(shown(client, page.url)).texts("a")
    assert "Ask about IMS" in Markup(shown(client, factories.make_service(short_name="IMS").url)).texts("a")
    assert "Ask about TMJ pain" in Markup(shown(client, factories.make_condition("TMJ pain").url)).texts("a")


@pytest.mark.parametrize(("level", "is_first"), [("emergency", True), ("urgent", False)])
def test_a_911_card_at_the_beginning_is_shown_before_the_list_of_headings(
    client: Client, level: str, is_first: bool
) -> None:
    card = {"type": "care_card", "value": {"level": level, "heading": "Call now", "text": "<p>Chest pain.</p>"}}
    headings = [{"type": "heading", "value": heading} for heading in ("What it is", "What helps", "When to call")]
    condition = factories.make_condition(body=json.dumps([card, *headings]))
    page = shown(client, condition.url)
    assert page.count("Chest pain.") == 1
    assert ("Call now" in " ".join(Markup(page).texts("h2"))) is is_first
    assert (page.index("Chest pain.") < page.index("On this page")) is is_first
    assert ("page-head--urgent" in Markup(page).attributes("header", "class")[-1]) is is_first


def test_both_ends_of_a_link_show_it_and_a_page_that_no_treatment_names_says_so(as_physio: Client) -> None:
    person, condition, service = factories.make_practitioner(), factories.make_condition(), factories.make_service()
    draft = factories.make_service("New way", live=False)
    for treatment in (service, draft):
        factories.give(treatment, person)
        factories.help_with(treatment, condition)
    for page in (person, condition):
        editor = as_physio.get(edit_address(page)).content.decode()
        assert f'<a href="{edit_address(service)}">{service.title}</a>' in editor
        assert f'<a href="{edit_address(draft)}">New way</a> (draft)' in editor
        assert "Set on each treatment's page." in editor
        app, name = page._meta.app_label, page._meta.model_name
        new = reverse("wagtailadmin_pages:add", args=[app, name, page.get_parent().pk])
        assert "Set on each treatment's page." in as_physio.get(new).text
    assert "<li>None yet</li>" in as_physio.get(edit_address(factories.make_condition("Knee pain"))).text


def add_finding(service: ServicePage, finding: str, **fields: object) -> Evidence:
    record = Evidence(
        service=service, finding=finding, **{"certainty": "low", "source": "A review", "year": 2017} | fields
    )
    record.full_clean()
    record.save()
    return record


def test_one_record_is_shown_with_the_treatment_and_the_condition_until_it_is_taken_off(
    client: Client,
) -> None:
    service, elbow, knee = factories.make_service(), factories.make_condition(), factories.make_condition("Knee pain")
    factories.help_with(service, elbow)
    add_finding(service, "It eased pain.", people=30, out_of=100)
    add_finding(
        service, "For the knee, it did not.", condition=knee, certainty="unknown", url="https://example.org/knee"
    )
    on_service, on_elbow, on_knee = (client.get(page.url).text for page in (service, elbow, knee))
    assert ["It eased pain." in shown for shown in (on_service, on_elbow, on_knee)] == [True, True, False]
    assert ["For the knee, it did not." in shown for shown in (on_service, on_elbow, on_knee)] == [True, False, True]
    assert "<b>30</b> of 100 people" in on_elbow
    assert "We are not sure" in on_elbow
    for words in ("We do not know", 'href="https://example.org/knee"', "A review", "2017"):
        assert words in on_knee
    service.unpublish()
    assert [client.get(page.url).text.count("A review") for page in (elbow, knee)] == [0, 0]


@pytest.mark.parametrize(("people", "out_of"), [(3, None), (None, 3), (4, 3)])
def test_a_number_of_people_needs_the_number_it_is_out_of(people: int | None, out_of: int | None) -> None:
    with pytest.raises(ValidationError) as error:
        add_finding(factories.make_service(), "It eased pain.", people=people, out_of=out_of)
    assert "people" in error.value.message_dict

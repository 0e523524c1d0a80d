from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from clinic.images.renditions import make_renditions
from services.checks import pages
from services.checks.links import check_content
from services.checks.pages import checks_of, errors_of
from services.models import Check, ExternalLink, Overruling, ServicePage
from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db
Kind = Check.Kind
CARD = {"type": "care_card", "value": {"level": "emergency", "heading": "Call 911 if", "text": "<p>chest pain</p>"}}
CLAIM = {"type": "text", "value": "<p>We look first.</p><p>IMS cures chronic pain.</p>"}


def body(page: ServicePage, *blocks: dict[str, Any]) -> ServicePage:
    page.body = page.body.stream_block.to_python(list(blocks))
    page.save()
    return page


@pytest.fixture
def page(home: Any) -> ServicePage:
    return factories.make_service("Manual therapy", search_description="What it is.", **factories.FACTS)


def kinds(page: Any) -> set[Kind]:
    return {Kind(check.kind) for check in checks_of(page)}


def test_a_claim_names_its_place_its_rule_and_other_words(page: ServicePage) -> None:
    block = body(page, {"type": "heading", "value": "What it is"}, CLAIM).body[1]
    check = errors_of(page)[0]
    assert (check.field, check.block, check.words) == ("body", 1, "IMS cures chronic pain.")
    assert check.url.endswith(f"{page.pk}/edit/#block-{block.id}-section")
    assert "“cures” in “IMS cures chronic pain.”" in check.text
    assert "it may ease" in check.advice
    assert "BC regulator" in check.advice


def test_claims_are_found_in_every_text_that_people_read_and_in_the_rows_of_fees(page: ServicePage) -> None:
    factories.add_fee(page, visit="First visit, 20% off")
    assert [check.rule for check in errors_of(page)] == ["discount"]
    fields = {"title", "introduction", "search_description", "helps_with", "how_it_feels", "share_title"}
    for field in fields:
        setattr(page, field, "A painless cure")
    assert {check.field for check in errors_of(page) if check.rule != "discount"} == fields


@pytest.mark.parametrize(
    ("title", "text", "is_needed"),
    [
        ("Dry needling", "", True),
        ("Trigger points", "Needles go in. A needle is thin. Needling may ache.", True),
        ("Manual therapy", "We do this without a needle.", False),
    ],
)
def test_a_page_about_needling_needs_an_emergency_card(
    page: ServicePage, title: str, text: str, is_needed: bool
) -> None:
    page.title, written = title, {"type": "text", "value": f"<p>{text}</p>"}
    assert [check.kind for check in errors_of(body(page, written))] == [Kind.EMERGENCY] * is_needed
    assert errors_of(body(page, written, CARD)) == []


def test_what_is_missing_or_runs_out_is_a_warning(page: ServicePage) -> None:
    today = timezone.localdate()
    assert {Kind.SOURCE, Kind.SIGN_OFF} <= kinds(page)
    page.search_description = ""
    page.introduction = "Multidisciplinary rehabilitation professionals systematically individualize " * 3 + "care."
    assert {Kind.DESCRIPTION, Kind.READING} <= kinds(page)
    person = factories.make_practitioner(licence_valid_until=today + timedelta(days=30), search_description="Who?")
    assert kinds(person) == {Kind.LICENCE}
    person.licence_valid_until = today + timedelta(days=300)
    assert kinds(person) == set()
    assert {check.level for check in checks_of(page)} == {"warning"}


def test_a_heavy_page_and_a_small_or_heavy_picture_are_warnings(
    page: ServicePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.lead_image = factories.make_image()
    make_renditions(page.lead_image, "lead")
    monkeypatch.setattr(pages, "FIRST_FLIGHT_BYTES", 100)
    monkeypatch.setattr(pages, "PICTURES_IN_FIRST_VIEW_BYTES", 1)
    texts = " ".join(check.text for check in checks_of(page))
    assert "is 64 pixels wide" in texts
    assert "100 arrive at once" in texts
    assert "KB on a phone" in texts


def test_links_that_lead_nowhere_are_warnings(page: ServicePage) -> None:
    hidden = factories.make_standard("Old news", live=False)
    link = '<a linktype="page" id="{}">a page</a>'
    address = "https://example.org/gone"
    html = f'<p>{link.format(hidden.pk)}, {link.format(99_999)} and <a href="{address}">an address</a>.</p>'
    ExternalLink.objects.create(url=address, problem="there is no such page")
    picture = {"type": "image", "value": {"image": factories.make_image().pk, "caption": ""}}
    body(page, {"type": "text", "value": html}, picture).live = False
    found = [check.text for check in checks_of(page) if check.kind == Kind.LINK]
    assert found == [
        "A link leads to “Old news”, which is not published",
        "A link leads to something that was deleted",
        "The link to https://example.org/gone may be broken: there is no such page",
    ]


def post(client: Client, page: ServicePage, **values: str) -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answers = answers_of(client.get(url).context["form"])
    source = {"count": "1", "0-type": "source", "0-order": "0", "0-value-text": "A study", "0-deleted": ""}
    answers |= {f"sources-{name}": value for name, value in source.items()} | {"publish_unchecked": "on"}
    return client.post(url, answers | values)


def test_a_page_with_a_claim_is_saved_but_not_published_until_the_claim_is_overruled(
    as_manager: Client, manager: User, page: ServicePage
) -> None:
    page.introduction = "IMS cures chronic pain."
    body(page, CLAIM).save_revision()
    assert post(as_manager, page).status_code == 302
    response = post(as_manager, page, **{"action-publish": "1", "introduction": "Our results are guaranteed."})
    errors = response.context["form"].errors
    assert "A guarantee: “guaranteed”" in errors["introduction"][0]
    assert "IMS cures" in str(errors.as_data()["body"][0].block_errors[0])
    for key in {check.key for check in errors_of(page.get_latest_revision_as_object())}:
        url = reverse("overrule_check", args=[page.pk, key])
        assert "This field is required" in as_manager.post(url, {"reason": ""}).content.decode()
        assert as_manager.post(url, {"reason": "It quotes the old text."}).status_code == 302
        assert as_manager.post(url, {"reason": "Again."}).status_code == 302
    entry = PageLogEntry.objects.filter(action="services.overrule").last()
    assert entry is not None
    assert (entry.user, entry.data["reason"]) == (manager, "It quotes the old text.")
    published = post(as_manager, page, **{"action-publish": "1", "introduction": "IMS cures chronic pain."})
    assert published.status_code == 302
    panel = as_manager.get(reverse("page_checks", args=[page.pk])).content.decode()
    assert "It quotes the old text." in panel
    assert "Overrule, with a reason" not in panel
    page.introduction = "IMS cures all chronic pain."
    assert [check.words for check in errors_of(page)] == ["IMS cures all chronic pain."]


def test_an_author_reads_at_once_what_a_manager_cannot_approve(as_physio: Client, page: ServicePage) -> None:
    page.introduction = "IMS cures chronic pain."
    page.save_revision()
    submitted = post(as_physio, page, **{"action-submit": "1"})
    assert "It cannot be published like this" in as_physio.get(submitted["Location"]).content.decode()


def test_no_other_way_publishes_a_claim(as_manager: Client, physio: User, page: ServicePage) -> None:
    page.live, page.introduction = False, "We guarantee results."
    page.save_revision()
    ServicePage.objects.filter(pk=page.pk).update(live=False)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={page.pk}"
    assert "cannot be published" in as_manager.post(url, follow=True).content.decode()
    page.refresh_from_db()
    task = page.get_workflow().start(page, physio).current_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    assert as_manager.post(approve).status_code == 404
    assert not ServicePage.objects.get(pk=page.pk).live


def test_only_those_who_may_publish_overrule_and_only_editors_see_the_checks(
    client: Client, physio: User, page: ServicePage
) -> None:
    check = errors_of(body(page, CLAIM))[0]
    overrule, panel = reverse("overrule_check", args=[page.pk, check.key]), reverse("page_checks", args=[page.pk])
    client.force_login(physio)
    assert "IMS cures" in client.get(panel).content.decode()
    assert client.post(overrule, {"reason": "I like it."}).status_code == 302
    assert not Overruling.objects.exists()
    client.force_login(factories.make_person("Reception"))
    for url in (panel, overrule, reverse("content_health")):
        assert client.get(url).status_code == 302
    assert client.get("/admin/content-checks/99999/").status_code in {302, 404}


def test_the_report_and_the_command_list_the_problems_the_worst_first(as_manager: Client, page: ServicePage) -> None:
    page.title = "=1+1"
    body(page, CLAIM)
    factories.make_image()
    assert check_content().endswith("problems")
    url = reverse("content_health")
    report = as_manager.get(url).content.decode()
    assert "IMS cures" in report
    assert "Clinical reviews due in the next twelve months" in report
    assert "IMS cures" not in as_manager.get(f"{url}?kind={Kind.SOURCE}").content.decode()
    table: Any = as_manager.get(f"{url}?export=csv")
    rows = table.getvalue().decode().splitlines()
    assert rows[0] == "Page or picture,Level,About,Problem,What helps"
    assert rows[1].startswith("'=1+1,Error,Claim,")
    dashboard = as_manager.get(reverse("wagtailadmin_home")).content.decode()
    assert "IMS cures" in dashboard
    assert "No page shows this picture" in report
    assert "No page shows this picture" not in dashboard
    out = StringIO()
    call_command("content_health", stdout=out)
    assert out.getvalue().startswith("error    Claim: =1+1: A cure")
    for level in ("error", "warning"):
        with pytest.raises(CommandError, match="1 errors"):
            call_command("content_health", "--fail-on", level, stdout=out)
    body(page)
    call_command("content_health", "--fail-on", "error", stdout=out)


def test_the_command_prints_how_hard_each_published_page_is_to_read() -> None:
    page = body(factories.make_service(), {"type": "text", "value": "<p>The needle is thin. You can lie down.</p>"})
    page.save()
    output = StringIO()
    call_command("readability", stdout=output)
    (line,) = [line.split() for line in output.getvalue().splitlines() if line.endswith(page.url)]
    assert float(line[0]) < 8
    assert int(line[1]) >= 8

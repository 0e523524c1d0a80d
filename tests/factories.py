"""Small builders: each makes one thing with as little around it as it needs."""

import json
from datetime import time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeVar

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image
from wagtail.models import Page, Site

from clinic.images.pictures import SHAPES
from clinic.images.renditions import make_renditions
from clinic.models import (
    ClinicDetails,
    ClinicImage,
    FeaturedPage,
    FrenchPage,
    HomePage,
    LocationIndexPage,
    LocationPage,
    OpeningHours,
    PractitionerPage,
    StandardPage,
    TeamPage,
)
from contact.models import ContactPage
from services.models import (
    ConditionIndexPage,
    ConditionPage,
    Evidence,
    Fee,
    FeesPage,
    ServiceCondition,
    ServiceIndexPage,
    ServicePage,
    ServicePractitioner,
    SignOff,
)

PageType = TypeVar("PageType", bound=Page)
PASSWORD = "a long enough password"


def home_page() -> HomePage:
    """Return the home page that the migrations made."""
    return HomePage.objects.get(sites_rooted_here__is_default_site=True)


def add(page: PageType, parent: Page | None = None) -> PageType:
    """Put the page below its parent, or below home; its slug comes from its title."""
    page.slug = page.slug or slugify(page.title)
    # Fetched anew: another instance may have got children since.
    Page.objects.get(pk=(parent or home_page()).pk).add_child(instance=page)
    return page


def only(model: type[PageType], slug: str) -> PageType:
    """Return the one page of this type, made when it is missing."""
    return model.objects.first() or add(model(title=slug.capitalize(), slug=slug))


def make_standard(title: str = "About us", parent: Page | None = None, **fields: Any) -> StandardPage:
    return add(StandardPage(title=title, **fields), parent)


def make_practitioner(title: str = "Robin Sample", **fields: Any) -> PractitionerPage:
    return add(PractitionerPage(title=title, **{"role": "Physiotherapist"} | fields), only(TeamPage, "team"))


def make_service(title: str = "IMS and dry needling", **fields: Any) -> ServicePage:
    return add_signed(ServicePage, only(ServiceIndexPage, "services"), {"title": title, **fields})


def make_condition(title: str = "Tennis elbow", **fields: Any) -> ConditionPage:
    return add_signed(ConditionPage, only(ConditionIndexPage, "conditions"), {"title": title, **fields})


SOURCES = json.dumps([{"type": "source", "value": {"text": "A study of dry needling", "url": "", "year": 2017}}])
FACTS = dict.fromkeys(("helps_with", "how_it_feels", "not_suitable_if"), "A fact.")
REVIEW = ("reviewed_by", "last_reviewed", "review_due")


def add_signed(model: type[PageType], parent: Page, fields: dict[str, Any]) -> PageType:
    """Add the page, and sign it off if one of the review's fields is given: only a sign-off sets them."""
    review = {name: fields.pop(name) for name in REVIEW if name in fields}
    page = add(model(**fields), parent)
    if review:
        sign_off(page, **review)
    return page


def sign_off(page: Any, **review: Any) -> SignOff:
    today = timezone.localdate()
    review = {"last_reviewed": today, "review_due": today + timedelta(days=365)} | review
    signed = SignOff.objects.create(page_id=page.pk, fingerprint=page.clinical_fingerprint(), **review)
    page.save()
    return signed


def make_location(title: str = "Whitehorse", **fields: Any) -> LocationPage:
    return add(
        LocationPage(title=title, **{"street": "1 Sample Street"} | fields), only(LocationIndexPage, "locations")
    )


def make_fees_page(**fields: Any) -> FeesPage:
    return add(FeesPage(title="Fees", **fields))


def make_contact_page(**fields: Any) -> ContactPage:
    return add(ContactPage(title="Contact", **fields))


def add_fee(service: ServicePage, amount: str = "120", minutes: int | None = 45, visit: str = "A visit") -> Fee:
    return Fee.objects.create(service=service, visit=visit, minutes=minutes, amount=Decimal(amount))


def add_hours(location: LocationPage, weekday: int, opens: str = "09:00", closes: str = "17:00") -> OpeningHours:
    return OpeningHours.objects.create(
        location=location, weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)
    )


def give(service: ServicePage, *people: PractitionerPage) -> None:
    """Say that these people give the treatment, in this order."""
    for order, person in enumerate(people):
        ServicePractitioner.objects.create(service=service, practitioner=person, sort_order=order)


def help_with(service: ServicePage, *conditions: ConditionPage) -> None:
    """Say that the treatment may help with these conditions, in this order."""
    for order, condition in enumerate(conditions):
        ServiceCondition.objects.create(service=service, condition=condition, sort_order=order)


def make_image(description: str = "A river under ice", *, decorative: bool = False) -> ClinicImage:
    image = ClinicImage(title="river-ice.jpg", description=description, is_decorative=decorative)
    image.file = ContentFile(jpeg(), name="river-ice.jpg")
    image.save()
    return image


def jpeg(width: int = 64, height: int = 36) -> bytes:
    """Return the smallest picture file that passes for one."""
    Image.new("RGB", (width, height), "teal").save(file := BytesIO(), "JPEG")
    return file.getvalue()


def make_person(role: str = "", username: str = "", **fields: Any) -> User:
    """Return an active user in the group of this name, or in none."""
    person = User.objects.create_user(username or role.lower() or "nobody", "person@example.org", PASSWORD, **fields)
    if role:
        person.groups.add(Group.objects.get(name=role))
    return person


BODY = [
    {"type": "heading", "value": "What to expect"},
    {"type": "text", "value": "<p>We talk first.</p>"},
    {"type": "care_card", "value": {"level": "emergency", "heading": "Call 911 for", "text": "<p>chest pain</p>"}},
    {"type": "questions", "value": {"questions": [{"question": "Does it hurt?", "answer": "<p>Little.</p>"}]}},
]
TREATMENT_BODY = [
    *BODY,
    {"type": "steps", "value": {"heading": "", "steps": [{"title": "We look", "text": "<p>At your back.</p>"}]}},
    {"type": "fees", "value": {"heading": "What it costs", "note": ""}},
    {"type": "drawing", "value": "needle_and_muscle"},
]


def make_clinic() -> dict[str, Page]:
    """Build one published page of every type, filled in and linked with one another; return them by address."""
    image = make_image()
    words: dict[str, Any] = {
        "introduction": "What it is, in a sentence.",
        "lead_image": image,
        "body": json.dumps(BODY),
    }
    treatment = words | {"body": json.dumps(TREATMENT_BODY)}
    person = make_practitioner(**words)
    condition = make_condition(**treatment, reviewed_by=person)
    service = make_service(short_name="IMS", helps_with="Tennis elbow", **treatment, reviewed_by=person)
    give(service, person)
    help_with(service, condition)
    add_fee(service)
    location = make_location(**words)
    add_hours(location, 0)
    make_standard(**words, show_in_menus=True)
    make_fees_page(body=words["body"])
    add(FrenchPage(title="En français", slug="en-francais", **words))
    Evidence.objects.create(service=service, finding="It eased pain.", certainty="low", source="Gattie", year=2017)
    make_contact_page(body=words["body"])
    ClinicDetails.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={"name": "Fireweed Physiotherapy", "phone": "867-555-0142", "main_location": location},
    )
    home = home_page()
    home.body = home.body.stream_block.to_python(BODY)
    home.featured_pages.set([FeaturedPage(page=page) for page in (service, condition, person)])
    home.save()
    make_renditions(image, *SHAPES)
    return {page.url: page for page in home.get_descendants(inclusive=True).specific()}

"""The checks of a page: what its editor sees beside the form, what stops it from being published, and the report."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

from django.db.models import CharField, Model, QuerySet, TextField
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import Page, ReferenceIndex, Site

from clinic.admin.dashboard import edit_url
from clinic.frontend.postprocess import BEST, FIRST_FLIGHT_BYTES, PICTURES_IN_FIRST_VIEW_BYTES, on_the_wire
from clinic.lib.readability import HIGHEST_GRADE, grade_of, paragraphs, running_text
from clinic.models import BasePage, ClinicImage, PractitionerPage
from clinic.models.base import NARROWEST_LEAD
from clinic.models.search import texts_of
from services.claims import RULES, find_claims
from services.models.check import Check, ExternalLink
from services.models.review import REVIEW_AHEAD, ClinicalReview
from services.models.service import ServicePage

Kind = Check.Kind
# A shorter paragraph has no grade that means anything; a single one may be harder than the page.
FEWEST_WORDS, HARDEST_PARAGRAPH = 12, 12.0
_NEEDLES = re.compile(r"\b(?:needl(?:e|es|ing)|ims|acupuncture)\b", re.IGNORECASE)
_MENTIONS = 3  # of needles, on a page about needling that does not say so in its title
_ADDRESS = re.compile(r"https?://[^\s\"<>]*[^\s\"<>.,;:!?)]")
_END = re.compile(r"[.!?](?=\s)")
# While a page is edited, most of its texts are looked at again and again.
claims_of = lru_cache(maxsize=2000)(find_claims)


class Passage(NamedTuple):
    """A text as it is stored, perhaps as HTML, and where it is: a field, the position and the id of its block."""

    text: str
    field: str = ""
    block: int | None = None
    block_id: str = ""


def passages(page: BasePage) -> Iterator[Passage]:
    """Yield every text that patients can read on the page or in search results."""
    children = (getattr(page, relation.get_accessor_name()).all() for relation in get_all_child_relations(page))
    for instance in (page, *(child for some in children for child in some)):
        for field in instance._meta.concrete_fields:
            is_own = field.model is not Page or field.name in {"title", "seo_title", "search_description"}
            if isinstance(field, StreamField):
                for index, block in enumerate(getattr(instance, field.name)):
                    for text in texts_of(block.get_prep_value()["value"]):
                        yield Passage(text, field.name, index, str(block.id or ""))
            elif is_own and isinstance(field, (CharField, TextField)) and field.editable:
                yield Passage(getattr(instance, field.name) or "", field.name if instance is page else "")


def checks_of(page: BasePage) -> list[Check]:
    """Return the page's problems as it is now, published or not, without what a reviewer overruled."""
    return [*errors_of(page), *sorted(warnings_of(page), key=lambda check: check.kind)]


def errors_of(page: BasePage) -> list[Check]:
    """Return what stops the page from being published."""
    found = [*claims_in(page), *missing_emergency_card(page)]
    overruled = set(page.overrulings.values_list("key", flat=True)) if found and page.pk else ()
    return [check for check in found if check.key not in overruled]


def problem(
    page: BasePage, kind: Kind, text: str, at: Passage | str = "", advice: str = "", *, rule: str = "", words: str = ""
) -> Check:
    """Return a problem at a place of the page; what breaks a rule is an error."""
    place = Passage("", at) if isinstance(at, str) else at
    anchor = f"#block-{place.block_id}-section" if place.block_id else f"#id_{place.field}" if place.field else ""
    url = edit_url(page.pk or 0) + anchor
    level = Check.Level.ERROR if rule else Check.Level.WARNING
    check = Check(page_id=page.pk, title=page.title[:255], url=url, kind=kind, level=level, text=text, advice=advice)
    check.field, check.block, check.rule, check.words = place.field, place.block, rule, words
    return check


def claims_in(page: BasePage) -> Iterator[Check]:
    for passage in passages(page):
        for text in paragraphs(passage.text):
            for claim in claims_of(text):
                start = max((end.end() for end in _END.finditer(text, 0, claim.start)), default=0)
                end = _END.search(text, claim.end)
                rule, sentence = RULES[claim.rule], text[start : end.end() if end else None].strip()
                found = f"{rule.title}: “{text[claim.start : claim.end]}” in “{sentence}”"
                advice = f"{claim.advice} Rule: {rule.source}."
                yield problem(page, Kind.CLAIM, found, passage, advice, rule=claim.rule, words=sentence)


def missing_emergency_card(page: BasePage) -> Iterator[Check]:
    if not isinstance(page, ServicePage):
        return
    cards = (block.value for block in page.body if block.block_type == "care_card")
    body = " ".join(passage.text for passage in passages(page) if passage.field == "body")
    names = _NEEDLES.search(f"{page.title} {page.short_name} {page.introduction}")
    if (names or len(_NEEDLES.findall(body)) >= _MENTIONS) and not any(card.is_emergency for card in cards):
        text = "A page about needling needs an emergency card: the signs of a collapsed lung, and 911"
        advice = "Add a care card with the level “Emergency” to the body."
        yield problem(page, Kind.EMERGENCY, text, "body", advice, rule="emergency")


def warnings_of(page: BasePage) -> Iterator[Check]:
    if not page.search_description:
        advice = "Write one or two sentences. Until then, search results show the introduction."
        yield problem(page, Kind.DESCRIPTION, "There is no search description", "search_description", advice)
    yield from sign_off_and_licence(page)
    advice = f"Write shorter sentences and words. The goal for the page is grade {HIGHEST_GRADE:.0f}."
    for grade, passage, text in readings(page):
        if grade > HARDEST_PARAGRAPH:
            yield problem(page, Kind.READING, f"Grade {grade:.0f}: “{text[:60]} …”", passage, advice)
    if (grade := grade_of_page(page)) > HIGHEST_GRADE:
        yield problem(page, Kind.READING, f"The whole page reads at grade {grade:.0f}", "", advice)
    yield from pictures(page)
    yield from links(page)
    weight = on_the_wire(page.make_preview_request().content.decode(), BEST) if page.pk else 0
    if weight > FIRST_FLIGHT_BYTES:
        text = f"The page is {weight:,} bytes when sent; {FIRST_FLIGHT_BYTES:,} arrive at once"
        yield problem(page, Kind.WEIGHT, text, "", "On a slow connection it is late: move a part to a page of its own.")


def sign_off_and_licence(page: BasePage) -> Iterator[Check]:
    today = timezone.localdate()
    if isinstance(page, ClinicalReview):
        if "sources" in page.missing():
            yield problem(page, Kind.SOURCE, "No source is named", "sources", "Name what the page is based on.")
        if page.needs_sign_off:
            yield problem(page, Kind.SIGN_OFF, page.why_due, "", "Submit the page.")
    elif isinstance(page, PractitionerPage):
        until = page.licence_valid_until
        if until is None or until <= today + timedelta(days=REVIEW_AHEAD):
            text = f"The licence {'expired' if until < today else 'expires'} on {date_format(until)}" if until else ""
            yield problem(page, Kind.LICENCE, text or "There is no date of the licence", "licence_valid_until")


def prose(page: BasePage) -> Iterator[tuple[Passage, str]]:
    """Yield the paragraphs that patients read on the page; not its sources, nor what search engines show."""
    for passage in passages(page):
        if passage.field not in {"sources", "search_description"}:
            yield from ((passage, text) for text in running_text(passage.text))


def readings(page: BasePage) -> list[tuple[float, Passage, str]]:
    """Return the reading grade of each paragraph that is long enough to have one, and its text."""
    return [(grade_of(text), passage, text) for passage, text in prose(page) if len(text.split()) >= FEWEST_WORDS]


def grade_of_page(page: BasePage) -> float:
    return grade_of("\n".join(text for _passage, text in prose(page)))


def pictures(page: BasePage) -> Iterator[Check]:
    for picture in pictures_of(page):
        name = f"The picture “{picture.title}”"
        if picture.width < NARROWEST_LEAD:
            text = f"{name} is {picture.width} pixels wide and looks blurred"
            yield problem(page, Kind.PICTURE, text, "", f"Use one of {NARROWEST_LEAD} pixels or more.")
        for rendition in picture.renditions.filter(filter_spec="fill-800x450|format-avif"):
            file = rendition.file
            if file.storage.exists(file.name) and file.size > PICTURES_IN_FIRST_VIEW_BYTES:
                text = f"{name} is {file.size // 1024} KB on a phone"
                yield problem(page, Kind.PICTURE, text, "", "Choose one with less fine detail.")


def pictures_of(page: BasePage) -> QuerySet[ClinicImage]:
    """Return the images that the page shows, without the one for sharing."""
    fields = [field for field in page._meta.concrete_fields if field.related_model is ClinicImage]
    pks = [getattr(page, field.attname) for field in fields if field.name != "share_image"]
    pks += [pk for model, pk, _place in references(page) if model is ClinicImage]
    return ClinicImage.objects.filter(pk__in=pks)


def references(page: BasePage) -> Iterator[tuple[type[Model], Any, Passage]]:
    """Yield the type and key of each page and picture that the blocks name, and where."""
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            for model, pk, _model_path, path in field.extract_references(getattr(page, field.name)):
                yield model, pk, Passage("", field.name, None, path.partition(".")[0])


def links(page: BasePage) -> Iterator[Check]:
    """Yield links to pages that visitors cannot open, and addresses that did not answer."""
    named = [(int(pk), place) for model, pk, place in references(page) if issubclass(model, Page)]
    targets = Page.objects.in_bulk([pk for pk, _place in named])
    for pk, place in named:
        if (target := targets.get(pk)) is None or not target.live:
            name = f"“{target.title}”, which is not published" if target else "something that was deleted"
            yield problem(page, Kind.LINK, f"A link leads to {name}", place, "Remove the link, or choose another page.")
    places = addresses_on(page)
    for link in ExternalLink.objects.filter(url__in=places).exclude(problem=""):
        advice = "Open it in a browser, and correct or remove it."
        text = f"The link to {link.url} may be broken: {link.problem}"
        yield problem(page, Kind.LINK, text, places[link.url], advice)


def addresses_on(page: BasePage) -> dict[str, Passage]:
    """Return the addresses elsewhere that the page links to, and where."""
    return {unescape(url): passage for passage in passages(page) for url in _ADDRESS.findall(passage.text)}


def published_pages() -> list[BasePage]:
    root = Site.objects.get(is_default_site=True).root_page
    pages = Page.objects.descendant_of(root, inclusive=True).live().order_by("path").specific()
    return [page for page in pages if isinstance(page, BasePage)]


def unused_pictures() -> Iterator[Check]:
    for picture in ClinicImage.objects.all():
        if not ReferenceIndex.get_references_to(picture).exists():
            url = reverse("wagtailimages:edit", args=[picture.pk])
            text = "No page shows this picture"
            advice = "Delete it, if it is not meant for a page that is still a draft."
            yield Check(title=picture.title, url=url, kind=Kind.UNUSED, text=text, advice=advice)


def check_site() -> list[Check]:
    """Check all published pages and pictures, and keep what was found for the report, the worst first."""
    found = [*(check for page in published_pages() for check in checks_of(page)), *unused_pictures()]
    Check.objects.all().delete()
    Check.objects.bulk_create(found)
    return sorted(found, key=lambda check: (check.level, check.kind, check.title))

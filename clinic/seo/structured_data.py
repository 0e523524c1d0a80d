"""Structured data for search engines: one graph per page in the vocabulary of schema.org, as JSON-LD.

It is made only from what readers see on the page, and needs no query that the page itself does not need: the opening
hours are given only on pages that show them. Other apps register a function for each of their page types with
`nodes_about`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import singledispatch
from itertools import groupby
from typing import Any

from django.utils import timezone

from clinic.images.pictures import largest_jpeg
from clinic.lib.opening_hours import WEEKDAYS, Schedule
from clinic.lib.telephone import normalised
from clinic.models import BasePage, ClinicDetails, HomePage, LocationIndexPage, LocationPage, PractitionerPage, TeamPage
from clinic.seo.meta import absolute, description

Node = dict[str, Any]
# What the page's template has: `clinic`, `nav`, `meta` and the variables of the page's type.
Context = Mapping[str, Any]

CLINIC_TYPES = ["MedicalClinic", "Physiotherapy"]
CLINIC, WEBSITE = "/#clinic", "/#website"
LANGUAGE = "en-CA"
# Characters that could end the script element; inside JSON strings their escapes mean the same.
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def json_ld(page: BasePage, context: Context) -> str:
    """Return the page's graph, escaped for a script element; empty for a page without an address."""
    if not page.url:
        return ""
    nodes = [web_page(page, context["clinic"]), clinic_in_brief(context["clinic"])]
    if context["nav"].breadcrumbs:
        nodes.append(breadcrumb_list(page, context["nav"].breadcrumbs))
    graph: dict[str | int, Node] = {}
    for node in [*nodes, *nodes_about(page, context)]:
        graph.setdefault(node.get("@id") or len(graph), {}).update(node)
    whole = {"@context": "https://schema.org", "@graph": [without_empty(node) for node in graph.values()]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        values = {name: without_empty(inner) for name, inner in value.items()}
        return {name: inner for name, inner in values.items() if inner not in (None, "", [], {})}
    return [without_empty(item) for item in value] if isinstance(value, list) else value


# What each type of page is about


@singledispatch
def nodes_about(page: BasePage, context: Context) -> list[Node]:
    """Return the nodes that this type of page adds to its graph. A node with a known `@id` adds to that node."""
    return main_entity(page, clinic(context["clinic"])) if page.schema_type == "ContactPage" else []


@nodes_about.register(HomePage)
def _home(page: HomePage, context: Context) -> list[Node]:
    picture = context["meta"]["picture"]
    headline = {"@id": absolute(page.url), "name": page.headline}
    website = {
        "@type": "WebSite",
        "@id": absolute(WEBSITE),
        "url": absolute("/"),
        "name": context["clinic"].name,
        "inLanguage": LANGUAGE,
        "publisher": {"@id": absolute(CLINIC)},
    }
    return [headline, clinic(context["clinic"]) | {"image": picture.url if picture else ""}, website]


@nodes_about.register(LocationIndexPage)
def _locations(_page: LocationIndexPage, context: Context) -> list[Node]:
    return [location(place, context["clinic"]) for place in context["locations"]]


@nodes_about.register(LocationPage)
def _location(page: LocationPage, context: Context) -> list[Node]:
    return main_entity(page, location(page, context["clinic"]))


@nodes_about.register(TeamPage)
def _team(_page: TeamPage, context: Context) -> list[Node]:
    pages: Sequence[PractitionerPage] = context["practitioners"]
    people = [person(page) for page in pages]
    employer = {
        "@id": absolute(CLINIC),
        "employee": [{"@id": one["@id"]} for one in people],
        "isAcceptingNewPatients": any(page.is_bookable for page in pages) if pages else None,
    }
    return [employer, *people]


@nodes_about.register(PractitionerPage)
def _practitioner(page: PractitionerPage, _context: Context) -> list[Node]:
    languages = {"knowsLanguage": split_names(page.languages), "worksFor": {"@id": absolute(CLINIC)}}
    return main_entity(page, person(page) | languages)


def main_entity(page: BasePage, node: Node) -> list[Node]:
    return [{"@id": absolute(page.url), "mainEntity": {"@id": node["@id"]}}, node]


# The nodes


def web_page(page: BasePage, details: ClinicDetails) -> Node:
    address = absolute(page.url)
    return {
        "@type": page.schema_type,
        "@id": address,
        "url": address,
        "name": page.title,
        "description": description(page, details.name),
        "inLanguage": page.language,
        "isPartOf": {"@id": absolute(WEBSITE)},
        "publisher": {"@id": absolute(CLINIC)},
    }


def breadcrumb_list(page: BasePage, breadcrumbs: Sequence[Any]) -> Node:
    home, *others = breadcrumbs
    steps = [("Home", home.url), *((link.title, link.url) for link in others), (page.title, page.url)]
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(address)}
        for position, (name, address) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def clinic_in_brief(details: ClinicDetails) -> Node:
    """The clinic as every page shows it in its header and footer."""
    place = details.main_location
    return {
        "@type": CLINIC_TYPES,
        "@id": absolute(CLINIC),
        "name": details.name,
        "url": absolute("/"),
        "telephone": normalised(details.phone),
        "email": details.email,
        "address": postal_address(place) if place else {},
    }


def clinic(details: ClinicDetails) -> Node:
    """The clinic with the address and hours of its main location, for pages that show them."""
    place = details.main_location
    return clinic_in_brief(details) | (address_and_hours(place, details) if place else {})


def location(page: LocationPage, details: ClinicDetails) -> Node:
    """One of the clinic's locations; the main location is the clinic itself."""
    if page.pk == details.main_location_id:
        return clinic_in_brief(details) | address_and_hours(page, details)
    return {
        "@type": CLINIC_TYPES,
        "@id": f"{absolute(page.url)}#clinic",
        "name": f"{details.name}, {page.title}",
        "url": absolute(page.url),
        "parentOrganization": {"@id": absolute(CLINIC)},
        **address_and_hours(page, details),
    }


def address_and_hours(place: LocationPage, details: ClinicDetails) -> Node:
    geo = {}
    if place.latitude is not None and place.longitude is not None:
        geo = {"@type": "GeoCoordinates", "latitude": float(place.latitude), "longitude": float(place.longitude)}
    return {
        "telephone": normalised(place.phone or details.phone),
        "address": postal_address(place),
        "geo": geo,
        "openingHoursSpecification": opening_hours(place.schedule),
        "specialOpeningHoursSpecification": closures(place.schedule),
    }


def postal_address(place: LocationPage) -> Node:
    return {
        "@type": "PostalAddress",
        "streetAddress": place.street,
        "addressLocality": place.locality,
        "addressRegion": place.region,
        "postalCode": place.postal_code,
        "addressCountry": "CA",
    }


def opening_hours(schedule: Schedule) -> list[Node]:
    """The weekly hours, with one entry for all days that have the same hours."""
    rows = sorted((opens, closes, weekday) for weekday, opens, closes in schedule.hours)
    return [
        hours(f"{opens:%H:%M}", f"{closes:%H:%M}", dayOfWeek=[WEEKDAYS[weekday] for _opens, _closes, weekday in days])
        for (opens, closes), days in groupby(rows, key=lambda row: row[:2])
    ]


def closures(schedule: Schedule) -> list[Node]:
    """The closures that the page announces; to Google, hours from midnight to midnight mean a closed day."""
    coming = schedule.upcoming_closures(timezone.localdate())
    return [
        hours("00:00", "00:00", name=why, validFrom=f"{first}", validThrough=f"{last}") for first, last, why in coming
    ]


def hours(opens: str, closes: str, **more: Any) -> Node:
    return {"@type": "OpeningHoursSpecification", **more, "opens": opens, "closes": closes}


def person_in_brief(page: PractitionerPage) -> Node:
    address = absolute(page.url) if page.live and page.url else ""
    return {
        "@type": "Person",
        "@id": f"{address}#person" if address else "",
        "name": page.title,
        "url": address,
        "jobTitle": page.role,
        "hasCredential": [
            {"@type": "EducationalOccupationalCredential", "name": name} for name in split_names(page.credentials)
        ],
    }


def person(page: PractitionerPage) -> Node:
    """The person with what pages about people show: the picture, and whether new patients are taken.

    For the latter schema.org has a property for organizations alone, so it is said in words.
    """
    portrait = largest_jpeg(page.lead_image)
    return person_in_brief(page) | {
        "image": absolute(portrait.url) if portrait else "",
        "description": page.new_patients,
    }


def split_names(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]

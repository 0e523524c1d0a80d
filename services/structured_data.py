"""Structured data about treatments and conditions, in the vocabulary of schema.org. `apps.py` imports it."""

from collections.abc import Iterable

from django.utils.text import capfirst

from clinic.seo.meta import absolute
from clinic.seo.structured_data import Context, Node, main_entity, nodes_about, person_in_brief
from services.lib.risk import Risk
from services.models import ConditionPage, ServicePage


@nodes_about.register(ServicePage)
def _treatment(page: ServicePage, context: Context) -> list[Node]:
    return [*reviewed(page, context), *main_entity(page, therapy(page))]


@nodes_about.register(ConditionPage)
def reviewed(page: ServicePage | ConditionPage, _context: Context) -> list[Node]:
    """Return who reviewed the page and when, but only while the review is current, and no sample."""
    if not (page.review_is_current and page.last_reviewed and page.reviewed_by) or page.is_sample_review:
        return []
    reviewer = person_in_brief(page.reviewed_by)
    return [{"@id": absolute(page.url), "lastReviewed": page.last_reviewed.isoformat(), "reviewedBy": reviewer}]


def therapy(page: ServicePage) -> Node:
    """The treatment, with the events that its risk numbers count (not their sum, “any …”) or, if serious, only name."""
    studies = [block.value for block in page.body if block.block_type == "risk_numbers"]
    risks = [risk for study in studies for risk in study.risks]
    happened = [risk for risk in risks if risk.share and not risk.name.lower().startswith("any ")]
    names = [capfirst(name) for study in studies for name in study.uncounted_risks]
    uncounted = [{"@type": "MedicalEntity", "name": name, "description": "how often is not known"} for name in names]
    address = absolute(page.url)
    return {
        "@type": ["MedicalTherapy", "PhysicalTherapy"],
        "@id": f"{address}#therapy",
        "name": page.title,
        "url": address,
        "alternateName": page.short_name if page.short_name != page.title else "",
        "seriousAdverseOutcome": outcomes(risk for risk in happened if risk.is_major) + uncounted,
        "adverseOutcome": outcomes(happened) + uncounted,
    }


def outcomes(risks: Iterable[Risk]) -> list[Node]:
    """Return each event once, by its name in the page's table, a serious one with its frequency."""
    found: dict[str, list[str]] = {}
    for risk in risks:
        found.setdefault(capfirst(risk.name), []).extend([f"{risk.frequency} {risk.unit}"] if risk.is_major else [])
    return [{"@type": "MedicalEntity", "name": name, "description": "; ".join(texts)} for name, texts in found.items()]

"""The form at the end of a page, and what appears in its place when it cannot be shown."""

import logging
import types
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.checks import run_checks
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page

from clinic.models import ClinicDetails
from contact import checks
from contact.form import rendering
from contact.form.forms import EnquiryForm

CLINIC = ClinicDetails(name="Fireweed", phone="867-555-0142", email="hello@example.org")


def rendered(arguments: str = "", **context: Any) -> str:
    template = Template("{% load contact_tags %}{% enquiry_form " + arguments + " %}")
    return template.render(Context({"request": RequestFactory().get("/"), **context}))


@pytest.mark.django_db
def test_a_page_ends_with_a_form_about_itself() -> None:
    page = Page.objects.get(depth=2)
    html = rendered("about=page", page=page)
    assert f"Request an appointment or ask about {page.title}</h2>" in html
    assert f'name="about" value="{page.pk}"' in html
    assert '<option value="appointment" selected>' in html
    assert '<form action="/enquiry/" method="post" id="enquiry"' in html
    named: Any = types.SimpleNamespace(pk=7, title="Intramuscular stimulation", enquiry_topic_name="IMS")
    assert "ask about IMS</h2>" in rendered("about=page", page=named)


@pytest.mark.django_db
def test_a_form_about_nothing_in_particular_says_so() -> None:
    assert "Request an appointment or ask a question</h2>" in rendered()


@pytest.mark.django_db
def test_the_form_costs_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    page = Page.objects.get(depth=2)
    rendered()  # makes the clinic's details and settings
    # Site, details, settings, who reads enquiries, the version of the notice, hours.
    with django_assert_max_num_queries(6):
        rendered("about=page", page=page)


BROKEN = Mock(side_effect=RuntimeError("Sam Sample's words"))


@pytest.mark.django_db
def test_a_form_that_cannot_be_rendered_leaves_phone_and_email(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rendering, "form_html", BROKEN)
    monkeypatch.setattr(rendering, "contact_details", lambda _request: CLINIC)
    with caplog.at_level(logging.ERROR):
        html = rendering.form_or_phone(None, EnquiryForm())
    for expected in ("tel:+18675550142", "hello@example.org", "911"):
        assert expected in html
    assert "RuntimeError" in caplog.text
    assert "Sam" not in caplog.text


@pytest.mark.django_db
def test_emergency_advice_is_shown_even_if_phone_and_email_cannot_be_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "render_to_string", BROKEN)
    assert "911" in rendering.form_or_phone(None, EnquiryForm())
    [error] = checks.the_enquiry_form_is_whole()
    assert error.id == "contact.E001"
    monkeypatch.setattr(rendering, "contact_details", BROKEN)
    assert "911" in rendered()


@pytest.mark.django_db
@pytest.mark.parametrize("lost", [*EnquiryForm.base_fields, rendering.SUBMIT_BUTTON])
def test_a_form_that_lost_a_control_is_never_shown_and_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    button = 'type="submit"' if lost == rendering.SUBMIT_BUTTON else "\0"

    def lossy(template: str, context: dict[str, Any]) -> str:
        return str(render_to_string(template, context)).replace(f'name="{lost}"', "").replace(button, "")

    monkeypatch.setattr(rendering, "render_to_string", lossy)
    assert "Please call or e-mail us" in rendering.form_or_phone(None, EnquiryForm())
    [error] = checks.the_enquiry_form_is_whole()
    assert (error.id, error.is_serious()) == ("contact.E001", True)
    assert lost in error.msg


def test_the_check_reports_a_missing_address(settings: Any) -> None:
    assert run_checks(tags=[checks.TAG]) == []
    settings.ROOT_URLCONF = types.ModuleType("empty")
    settings.ROOT_URLCONF.urlpatterns = []
    [error] = checks.the_enquiry_form_is_whole()
    assert error.id == "contact.E001"
    assert "NoReverseMatch" in error.msg


def test_every_control_has_a_label_and_a_fitting_keyboard() -> None:
    html = rendering.form_html(EnquiryForm(), CLINIC)
    for control in ("name", "email", "phone", "best_time", "voicemail_ok", "topic", "message", "website"):
        assert f'for="enquiry-{control}"' in html
        assert f'id="enquiry-{control}"' in html
    for expected in ('autocomplete="name"', 'autocomplete="email"', 'autocomplete="tel"', 'inputmode="email"'):
        assert expected in html
    assert "<legend" in html
    assert 'aria-hidden="true"' in html
    assert "maxlength" not in html

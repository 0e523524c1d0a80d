"""`{% dashboard as panel %}`: what needs this person."""

from typing import Any

from django import template
from django.utils import timezone

from contact.workflow.overview import dashboard

register = template.Library()


@register.simple_tag(takes_context=True, name="dashboard")
def dashboard_tag(context: dict[str, Any]) -> dict[str, Any]:
    return dashboard(context["request"].user, timezone.now())

"""`{% dashboard as panel %}`: what needs this person. `{% dashboard_links as links %}`: where they may go."""

from typing import Any

from django import template

from contact.admin.dashboard import Dashboard, Link, dashboard, links_for

register = template.Library()


@register.simple_tag(takes_context=True, name="dashboard")
def dashboard_tag(context: dict[str, Any]) -> Dashboard:
    return dashboard(context["request"].user)


@register.simple_tag(takes_context=True)
def dashboard_links(context: dict[str, Any]) -> list[Link]:
    return links_for(context["request"].user)

"""`{% desk_panel as panel %}`: what needs this person. `{% desk_places as groups %}`: where they may go from there."""

from typing import Any

from django import template

from contact.admin.panel import Panel, panel
from contact.admin.panel_links import Group, places_for

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_panel(context: dict[str, Any]) -> Panel:
    return panel(context["request"].user)


@register.simple_tag(takes_context=True)
def desk_places(context: dict[str, Any]) -> list[Group]:
    return places_for(context["request"].user)

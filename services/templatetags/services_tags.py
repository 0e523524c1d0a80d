"""Template tags of treatments and conditions."""

from django import template

from services.lib.body_map import body_map

register = template.Library()
register.simple_tag(body_map)

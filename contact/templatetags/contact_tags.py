"""`{% enquiry_form about=page %}`: the enquiry form, anywhere.
`{% desk_banners as banners %}`: what is wrong with the desk itself. `{{ enquiry|promise }}`: by when we answer it.
`{{ line|notice_line }}`: a line of the privacy notice, with its links.
"""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from wagtail.models import Page

from contact.form.cookieless import Receipt
from contact.form.rendering import enquiry_form_html
from contact.intake.promise import in_words
from contact.models import Enquiry
from contact.monitoring.heartbeat import Banner, banners
from contact.privacy_notice.page import linked

register = template.Library()
register.filter("notice_line", linked)


@register.simple_tag(takes_context=True)
def enquiry_form(context: dict[str, Any], about: Page | None = None, heading: str | None = None) -> SafeString:
    return enquiry_form_html(context.get("request"), about=about, heading=heading)


@register.simple_tag
def desk_banners() -> list[Banner]:
    return banners()


@register.filter
def promise(received: Enquiry | Receipt) -> str:
    return in_words(received.received_at, received.due_at)

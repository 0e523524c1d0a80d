"""`{% enquiry_form about=page %}`: the enquiry form, anywhere.
`{% desk_banners as banners %}`: what is wrong, for the banners of both admins. `{% system_status_line %}`: the line
on the desk's dashboard. `{% dashboard as panel %}`: what needs this person there.
`{{ enquiry|promise }}`: by when we answer it.
"""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.models import Page

from contact.form.cookieless import Receipt
from contact.form.rendering import enquiry_form_html
from contact.intake.promise import promise_text
from contact.models import Enquiry
from contact.monitoring.health import problems, status_line
from contact.workflow import overview

register = template.Library()
register.simple_tag(problems, name="desk_banners")
register.simple_tag(lambda: settings.DESK_LOCKS_AFTER, name="desk_locks_after")


@register.simple_tag(takes_context=True)
def enquiry_form(context: dict[str, Any], about: Page | None = None) -> SafeString:
    return enquiry_form_html(context.get("request"), about=about)


@register.inclusion_tag("contact/desk/status_line.html", takes_context=True)
def system_status_line(context: dict[str, Any]) -> dict[str, str | bool]:
    text, is_ok = status_line()
    return {"text": text, "is_ok": is_ok, "may_open": context["request"].user.has_perm("contact.view_job")}


@register.simple_tag(takes_context=True)
def dashboard(context: dict[str, Any]) -> dict[str, Any]:
    return overview.dashboard(context["request"].user, timezone.now())


@register.filter
def promise(received: Enquiry | Receipt) -> str:
    promised = getattr(received, "promised_at", None) or received.due_at
    return promise_text(received.received_at, promised, is_urgent=received.is_read_first)

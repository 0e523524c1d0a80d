"""The desk: what staff see and do in the Django admin. May import every package below it, but not `templatetags`."""

from contact.admin import (
    deletions,
    enquiry_admin,
    messages,
    records,
    reply_templates,
    system_status,
    warning_signs,
)

__all__ = ["deletions", "enquiry_admin", "messages", "records", "reply_templates", "system_status", "warning_signs"]

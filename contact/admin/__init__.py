"""The desk: what staff see and do in the Django admin. May import every package below it, but not `templatetags`."""

from contact.admin import activity_log, enquiry_admin, messages, reports, wording

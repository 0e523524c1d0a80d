"""The staff's desk in the Django admin."""

from contact.admin import enquiries, messages

__all__ = ["enquiries", "messages"]

"""The staff's desk in the Django admin."""

from contact.admin import enquiries, messages, records, reply_texts, warning_signs

__all__ = ["enquiries", "messages", "records", "reply_texts", "warning_signs"]

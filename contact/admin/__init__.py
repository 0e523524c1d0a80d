"""The staff's desk in the Django admin."""

from contact.admin import deletions, enquiries, messages, records, reply_texts, system_status, warning_signs

__all__ = ["deletions", "enquiries", "messages", "records", "reply_texts", "system_status", "warning_signs"]

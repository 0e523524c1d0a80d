"""What staff do with an enquiry: decide, note, call, reply; reminders of overdue enquiries; roles.

May import `contact.privacy_notice`, `contact.mail`, `contact.intake`, `contact.screening` and `contact.models`.
"""

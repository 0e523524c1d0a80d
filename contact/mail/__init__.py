"""The outbox: building messages, sending them until the server accepts them, and reading what comes back.

May import `contact.intake`, `contact.screening` and `contact.models`. Others react to its signal `delivery_failed`.
"""

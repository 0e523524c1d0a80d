"""The outbox: building messages, sending them until the server accepts them, and reading what comes back.

Wagtail's and Django's mail is stored in it by `backend.EmailBackend`.

May import `contact.intake`, `contact.screening` and `contact.models`. Others react to its signal `delivery_failed`.
"""

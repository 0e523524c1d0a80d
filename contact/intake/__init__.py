"""An accepted form becomes an enquiry.

May import `contact.screening`, `contact.models` and `clinic`; knows neither the form nor the mail.
"""

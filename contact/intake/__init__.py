"""An accepted form becomes an enquiry.

submission.py  stores the enquiry and its outgoing messages in one transaction
promise.py     by when the clinic replies, in working hours
canary.py      how the site recognizes the enquiry of its own synthetic check

May import `contact.screening`, `contact.models` and `clinic`; knows neither the form nor the mail.
"""

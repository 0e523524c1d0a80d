"""What an enquiry is checked for before it is stored. Nothing here refuses or throws away a person's enquiry.

Imports only `contact.models` and `clinic`.

spam.py             a score with reasons, and how many came from one network address
warning_signs.py    words that cannot wait for an answer by mail; default_signs.py: the list the site comes with
masking.py          health card numbers and birth dates, which nobody asked for
email_addresses.py  what was probably meant by a mistyped address
phrases.py          how text and phrases are compared
review.py           a physiotherapist's yearly review of the warning signs
"""

from contact.screening.email_addresses import KNOWN_DOMAINS, suggested_address, suggested_domain
from contact.screening.masking import MaskedType, mask_private_numbers
from contact.screening.spam import SpamAssessment, assess_spam, forget_senders, sender_hash
from contact.screening.warning_signs import find_warning_signs

__all__ = [
    "KNOWN_DOMAINS",
    "MaskedType",
    "SpamAssessment",
    "assess_spam",
    "find_warning_signs",
    "forget_senders",
    "mask_private_numbers",
    "sender_hash",
    "suggested_address",
    "suggested_domain",
]

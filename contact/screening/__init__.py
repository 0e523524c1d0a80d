"""What an enquiry is checked for before it is stored. Nothing here refuses or throws away a person's enquiry.

Imports only `contact.models` and `clinic`.

spam.py           a score with reasons, and how many came from one network address
warning_signs.py  words that cannot wait for a reply by mail
default_signs.toml: the list of warning signs that the site comes with; quiet_words.toml: when one is none
masking.py        hides health card numbers and birth dates, which the form does not ask for
review.py         a physiotherapist's yearly review of the warning signs
"""

from contact.screening.masking import MaskedType, mask_private_numbers
from contact.screening.spam import SpamAssessment, assess_spam, forget_senders, sender_hash
from contact.screening.warning_signs import find_warning_signs

__all__ = [
    "MaskedType",
    "SpamAssessment",
    "assess_spam",
    "find_warning_signs",
    "forget_senders",
    "mask_private_numbers",
    "sender_hash",
]

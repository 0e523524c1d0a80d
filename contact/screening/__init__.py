"""What is looked at before an enquiry is stored. Nothing here ever refuses or throws away a person's enquiry.

`spam` gives a score with reasons, `warning_signs` finds words that cannot wait for an answer, `masking` hides numbers
that nobody asked for, `phones` and `email_addresses` say what was probably meant. These five know no database;
`senders` counts, `wordlists` reads what managers changed, and `judgement` puts it together.
"""

from contact.screening.email_addresses import suggested_address
from contact.screening.judgement import Arrival, Judgement, judge
from contact.screening.masking import masked
from contact.screening.senders import forget_senders

__all__ = ["Arrival", "Judgement", "forget_senders", "judge", "masked", "suggested_address"]

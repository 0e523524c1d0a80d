"""What an enquiry is checked for before it is stored. Nothing here refuses or throws away a person's enquiry.

Imports only `contact.models` and `clinic`.

spam.py           a score with reasons: how many came from one address or network, what the desk marked as spam,
                  spam_words.toml (what advertising is made of), word_weights.txt (how spam is worded)
warning_signs.py  words that cannot wait for a reply by mail; danger_weights.txt: how emergencies are worded
default_signs.toml: the list of warning signs that the site comes with; quiet_words.toml: when one is none
masking.py        hides health card numbers and birth dates, which the form does not ask for
review.py         a physiotherapist's yearly review of the warning signs
"""

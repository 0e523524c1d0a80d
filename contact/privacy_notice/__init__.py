"""The privacy notice beside the form, rendered from the running settings.

facts.py     what is true at this moment: who, where, how long
wording.py   those facts as plain sentences, short for the form and in full for their page
versions.py  each wording that was ever shown, stored so that it can be read later

May import `contact.intake`, `contact.models` and `clinic`. The pages are views of `contact.form`.
"""

"""What the clinic tells people at the form about their information, rendered from the running settings.

facts.py     what is true at this moment: who, where, how long
wording.py   those facts as plain sentences, short for the form and whole for its page
page.py      a wording as its page: the emergency first, links with names
versions.py  the wording that stood at the form, kept and found again
views.py     /enquiry/privacy/, and each version that was ever used
"""

"""Signing in to the two admins: password, then a code from the phone.

gate.py      nobody is signed in before the second step
door.py      the page for name and password, and where each person goes next
devices.py   authenticator apps and recovery codes: made, proven, replaced, taken away
steps.py     the pages of the second step
limits.py    what is done about wrong passwords and codes
people.py    managers see who has what, unlock, and take away a lost second step
records.py   how long it is known who signed in
"""

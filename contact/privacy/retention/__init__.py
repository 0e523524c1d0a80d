"""Enquiries are kept no longer than needed: closing, deleting, and the ledger that accounts for it.

What a nightly run, a person's request and the check of the ledger are made of; `nightly.py` is what the clock calls.
"""

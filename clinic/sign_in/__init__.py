"""Signing in to the two admins: a password, then a code from the phone (django-otp), limited by django-axes.

May import clinic.admin and what is below it.
"""

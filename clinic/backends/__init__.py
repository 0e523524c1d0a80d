"""What Django and Wagtail are given in place of their own backends.

SQLite, search, a lost connection. Imports `clinic.lib`.
"""

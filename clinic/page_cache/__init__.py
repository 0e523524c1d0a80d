"""Rendered pages for visitors without a session: in memory, and on disk for when the database is down.

May import `clinic.models`, `clinic.lib` and what those may import.
"""

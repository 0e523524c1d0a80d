"""Rendered pages for visitors without a session: in memory, and on disk for when the database is down.

cached_response  a rendered page in each encoding, with its headers and ETags
store            which requests share a response; the responses in memory and on disk
version          the content version, read at most once a second
invalidation     which changes make a new content version; how a page says when its response expires
middleware       the WSGI middleware around Django

May import `clinic.models`, `clinic.lib` and what those may import.
"""

"""Finished pages, kept for everybody who comes without a session: in memory, and on disk for bad days.

key.py       which requests share a copy
copy.py      a finished page: its bodies, its headers, its ETags
store.py     copies in memory, the least used thrown out first
disk.py      the last good copy of each page, for when the database is gone
version.py   the content version, asked at most once a second
changes.py   what makes a new version
lifetime.py  how a page says when its copy turns wrong by itself
door.py      the WSGI wrapper that all of this is for
"""

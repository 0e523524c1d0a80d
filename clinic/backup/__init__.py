"""Backups, restoring them, and moving to another database. May import `lib` and `backends`.

`archive` describes the file; `databases` dumps, loads, counts and copies.
"""

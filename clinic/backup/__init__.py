"""Backups, restoring them, and moving to another database. May import `lib` and `backends`.

`archive` makes and restores the file; `databases` dumps, loads, counts and copies.
"""

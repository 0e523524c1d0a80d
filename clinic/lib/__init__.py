"""Pure functions without models or templates.

Telephone numbers, text, opening hours, holidays, files, addresses. Imports nothing of ours.
"""

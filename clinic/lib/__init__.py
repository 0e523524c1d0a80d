"""Pure functions without models or templates.

Telephone numbers, addresses, words and phrases, opening hours, holidays, files. Imports nothing of ours.
"""

"""Pure functions: what each place of the drawn body leads to, and risks as natural frequencies.

Imports nothing of ours.
"""

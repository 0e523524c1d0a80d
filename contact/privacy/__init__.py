"""Retention, deletion, a person's data, and the audit of safeguards.

May import everything of `contact` below it: statistics, monitoring, form, workflow, privacy_notice, mail, intake,
screening and models.
"""

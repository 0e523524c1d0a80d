"""Retention, deletion, a person's data, and the audit of safeguards.

deletion.py            which enquiries are closed or deleted, and when; writes a deletion record
person.py              finds everything about one person, gives it out, and erases it
erased_references.py   the file that keeps erased enquiries erased after a backup was restored
audit.py               live checks of the safeguards

May import everything of `contact` below it: statistics, monitoring, form, workflow, privacy_notice, mail, intake,
screening and models.
"""

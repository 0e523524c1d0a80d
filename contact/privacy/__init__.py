"""Retention, deletion, a person's data, and the audit of safeguards.

deletion.py            which enquiries are closed or deleted, and when; writes a deletion record
person.py              finds, and erases, everything about one person
erased_references.py   the file that keeps erased enquiries erased after a backup was restored
disclosure.py          what a person receives who asks for their data
audit.py               live checks of the safeguards

May import everything of `contact` below it: statistics, monitoring, form, workflow, privacy_notice, mail, intake,
screening and models.
"""

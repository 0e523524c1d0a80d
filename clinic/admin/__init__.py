"""The two admins: the desk's site, Wagtail's dashboard, users, protected pages and the rich-text editor.

May import clinic.models and what is below it.
"""

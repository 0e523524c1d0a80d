"""What Django and Wagtail are given in place of their own backends: SQLite and search. Imports `clinic.lib`."""

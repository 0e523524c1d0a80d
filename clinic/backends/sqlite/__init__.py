"""SQLite as a database that can be gone, as Django looks for it: `"ENGINE": "clinic.backends.sqlite"`."""

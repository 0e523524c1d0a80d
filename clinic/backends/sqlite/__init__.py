"""The SQLite backend, in the package layout that Django expects: `"ENGINE": "clinic.backends.sqlite"`."""

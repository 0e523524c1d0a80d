"""Everything that runs by the clock: `manage.py work` is the one process that does it."""

"""Scheduled jobs, the check that the form works, alarms, and whether all of that is running.

`manage.py work` runs the scheduler with the jobs of `contact/jobs.py`. May import `contact` from `form` downwards.
"""

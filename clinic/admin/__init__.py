"""The two admins: sites, the Wagtail dashboard, users, protected pages, parts of the page editor."""

"""Both admins: the desk, Wagtail's dashboard, users and editor. May import clinic.models and what is below it."""

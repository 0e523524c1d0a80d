"""The two admins: the desk's site, Wagtail's dashboard, users and editor. May import clinic.models and those below."""

"""The environment of a deployment, for tests of its settings; none of it is real."""

import secrets

DEPLOYMENT = {
    "DJANGO_SETTINGS_MODULE": "clinic.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "SITE_URL": "https://clinic.example",
    "ALLOWED_HOSTS": "clinic.example",
    "EMAIL_URL": "submission://user:password@mail.clinic.example:587",
    "DEFAULT_FROM_EMAIL": "Clinic <hello@clinic.example>",
}

"""Errors told to the clinic's own Sentry: what broke and where, never who was there or what they typed."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from clinic.settings.environment import needs_package

# Each of these can hold a visitor's address, search words or form: an enquiry is health information.
PERSONAL = ("request", "user", "breadcrumbs", "extra", "server_name")


def without_persons(event: Any, _hint: Any) -> Any:
    """Return the report without what may tell of a person; exceptions keep their type and lose their text."""
    event = {key: value for key, value in event.items() if key not in PERSONAL}
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = ""
    return event


def report_errors(dsn: str) -> None:
    """Start the reports to `dsn`; an empty one starts nothing."""
    if not dsn:
        return
    needs_package("SENTRY_DSN", "sentry_sdk")
    import sentry_sdk  # noqa: PLC0415 - one of the extras that only a deployment installs

    try:
        sentry_sdk.init(
            dsn=dsn,
            before_send=without_persons,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
        )
    except ValueError as error:
        raise ImproperlyConfigured("SENTRY_DSN is not an address like https://key@sentry.example/1.") from error

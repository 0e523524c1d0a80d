"""Error reports to the clinic's own Sentry: what failed and where, without any personal data."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from clinic.settings.environment import require_package

# Each of these can contain a visitor's address, search terms or form. An enquiry is health information.
PERSONAL = ("request", "user", "breadcrumbs", "extra", "server_name")


def without_persons(event: Any, _hint: Any) -> Any:
    """Return the report without personal data: exceptions keep their type but not their message."""
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = ""
    return {key: value for key, value in event.items() if key not in PERSONAL}


def report_errors(dsn: str) -> None:
    if not dsn:
        return
    require_package("SENTRY_DSN", "sentry_sdk")
    import sentry_sdk  # noqa: PLC0415  installed only by deployments

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
        raise ImproperlyConfigured("SENTRY_DSN is not a URL like https://key@sentry.example/1.") from error

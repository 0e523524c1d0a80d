from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        # Registers the system check; models must be there first.
        from contact import checks  # noqa: F401, PLC0415

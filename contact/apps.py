from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        # The check and the notice need the models, which are there by now.
        from contact import checks  # noqa: F401, PLC0415
        from contact.privacy_notice import facts  # noqa: PLC0415

        facts.connect()

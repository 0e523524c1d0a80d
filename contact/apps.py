from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        # The check, the addresses and the notice need the models, which are there by now.
        from contact import addresses, checks  # noqa: F401, PLC0415 - as said above; checks register themselves
        from contact.privacy_notice import facts  # noqa: PLC0415 - as said above

        addresses.connect()
        facts.connect()

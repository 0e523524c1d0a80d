from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The clinic"

    def ready(self) -> None:
        # The checks, the pictures and the page cache need the models, which are there by now.
        from clinic import checks  # noqa: F401, PLC0415 - as said above; checks register themselves
        from clinic.images import renditions  # noqa: PLC0415 - as said above; checks register themselves
        from clinic.page_cache import invalidation  # noqa: PLC0415 - as said above
        from clinic.sign_in import gate  # noqa: PLC0415 - as said above

        invalidation.connect()
        gate.connect()
        renditions.connect()

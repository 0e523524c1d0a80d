from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = "Treatments and conditions"

    def ready(self) -> None:
        from services import structured_data  # noqa: F401, PLC0415  registers itself when imported; needs the models

from django.apps import AppConfig
from django.db.models.signals import post_save


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The clinic"

    def ready(self) -> None:
        from clinic.models import SearchEntry  # noqa: PLC0415  needs the models
        from clinic.page_cache import invalidation  # noqa: PLC0415  needs the models
        from clinic.sign_in import middleware  # noqa: PLC0415  needs the models

        # Before the page cache notices that there is a new version.
        post_save.connect(SearchEntry.write_saved, dispatch_uid="search-entry")
        invalidation.connect()
        middleware.connect()

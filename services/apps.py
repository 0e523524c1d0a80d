from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from wagtail.signals import page_published, page_unpublished


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = "Treatments and conditions"

    def ready(self) -> None:
        from contact import jobs  # noqa: PLC0415  needs the models
        from services import reminders, structured_data  # noqa: F401, PLC0415  need the models
        from services.link_check import JOBS  # noqa: PLC0415  needs the models
        from services.models import Fee, FeesPage, ServicePage  # noqa: PLC0415  needs the models
        from services.models.review_task import add_to_workflow  # noqa: PLC0415  needs the models

        jobs.added += [*JOBS, reminders.JOB]
        post_migrate.connect(add_to_workflow, sender=self)

        for signal in (post_save, post_delete):
            signal.connect(FeesPage.write_search_entry, sender=Fee)
        for signal in (page_published, page_unpublished):
            signal.connect(FeesPage.write_search_entry, sender=ServicePage)

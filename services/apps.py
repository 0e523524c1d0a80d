from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = "Treatments and conditions"

    def ready(self) -> None:
        from contact import jobs  # noqa: PLC0415  needs the models
        from services import reminders, structured_data  # noqa: F401, PLC0415  need the models
        from services.checks.links import JOBS  # noqa: PLC0415  needs the models
        from services.models.review_task import add_to_workflow  # noqa: PLC0415  needs the models

        jobs.added += [*JOBS, reminders.JOB]
        post_migrate.connect(add_to_workflow, sender=self)

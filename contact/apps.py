from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        # Imported here because they need the models. Checks and receivers register themselves when imported.
        from contact import checks, privacy_notice  # noqa: F401, PLC0415  needs the models
        from contact.mail.bounces import patient_replied  # noqa: PLC0415  needs the models
        from contact.mail.outbox import delivery_failed  # noqa: PLC0415  needs the models
        from contact.workflow.roles import set_roles  # noqa: PLC0415  needs the models
        from contact.workflow.updates import reopen, reopen_if_unanswered  # noqa: PLC0415  needs the models

        delivery_failed.connect(reopen_if_unanswered)
        patient_replied.connect(reopen)
        post_migrate.connect(set_roles, sender=self)

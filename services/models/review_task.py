"""The workflow task with which a physiotherapist signs a treatment or condition off."""

from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from wagtail.models import Page, Task, TaskState, WorkflowPage, WorkflowState, WorkflowTask
from wagtail.query import PageQuerySet

from clinic.admin.dashboard import edit_url
from clinic.models import DemoRecord, PractitionerPage
from services.models.review import REVIEW_AHEAD, ClinicalReview, SignOff


def licensed() -> PageQuerySet:
    """Return the published pages of those who have an account, and a licence that is valid today."""
    return PractitionerPage.objects.live().filter(user__is_active=True, licence_valid_until__gte=timezone.localdate())


def person_of(user: User) -> PractitionerPage | None:
    return licensed().filter(user=user).first()


def authors_of(page: ClinicalReview) -> set[int]:
    """Return the keys of the users who have changed the clinical content since the last sign-off."""
    last, revisions, authors = page.last_sign_off(), page.revisions.order_by("created_at", "pk"), set()
    previous = last.fingerprint if last else ""
    for revision in revisions.filter(created_at__gt=last.created_at) if last else revisions:
        fingerprint = page.with_content_json(revision.content).clinical_fingerprint()
        if fingerprint != previous:
            authors.add(revision.user_id)
        previous = fingerprint
    return authors - {None}


def can_sign(user: User, page: Page) -> bool:
    page = page.specific
    return isinstance(page, ClinicalReview) and person_of(user) is not None and authors_of(page) != {user.pk}


def signers(page: ClinicalReview) -> list[PractitionerPage]:
    """Return who can sign the page off: not its only author."""
    authors = authors_of(page)
    return [person for person in licensed().select_related("user") if authors != {person.user_id}]


def ask_for_sign_off(page: ClinicalReview) -> None:
    """Send a mail to each physiotherapist who can sign the page off."""
    link = f"{settings.WAGTAILADMIN_BASE_URL}{edit_url(page.pk)}"
    text = f"“{page}” is waiting for a clinical sign-off. Read it, then sign it off or request changes:\n{link}\n"
    for address in {person.user.email for person in signers(page) if person.user and person.user.email}:
        send_mail(f"Please read and sign off: {page}", text, None, [address])


def pages_due() -> list[ClinicalReview]:
    """Return the published pages that someone has to read, the longest due first."""
    pages = Page.objects.live().type(ClinicalReview).specific().defer_streamfields()
    return sorted((page for page in pages if page.days_left <= REVIEW_AHEAD), key=lambda page: page.days_left)


class ClinicalReviewTask(Task):
    """Skipped for pages without clinical content, and for changes that the sign-off covers."""

    asked_for = "clinical sign-off"

    class Meta:
        verbose_name = "clinical sign-off"

    def start(self, workflow_state: WorkflowState, user: User | None = None) -> TaskState:
        state = super().start(workflow_state, user=user)
        page = state.revision.as_object()
        if page.needs_sign_off:
            ask_for_sign_off(page)
        else:
            state.status, state.finished_at = TaskState.STATUS_SKIPPED, timezone.now()
            state.save()
        return state

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        approve = ("approve", "I have read this page as it stands and answer for it", False)
        return [("reject", "Request changes", True), approve] if can_sign(user, obj) else []

    def whose_turn(self, page: ClinicalReview) -> str:
        if names := get_text_list([person.title for person in signers(page)]):
            return f"Waiting for the clinical sign-off of {names}."
        return (
            "No one can sign this page off yet. It takes a physiotherapist who is not its only author, and whose page "
            "under “Our team” has an account and a valid licence."
        )

    def locked_for_user(self, obj: Page, user: User) -> bool:
        return not (can_sign(user, obj) or obj.permissions_for_user(user).can_publish())

    def get_task_states_user_can_moderate(self, user: User, **_kwargs: Any) -> QuerySet[TaskState]:
        states = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        own = [state.pk for state in states if can_sign(user, state.workflow_state.content_object)]
        return self.task_states.filter(pk__in=own)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        page, person = task_state.workflow_state.content_object.specific, person_of(user)
        if not person or not can_sign(user, page):
            raise PermissionDenied
        if action_name == "approve":
            # The workflow publishes the latest revision.
            revision, today = page.get_latest_revision(), timezone.localdate()
            SignOff.objects.create(
                page_id=page.pk,
                fingerprint=revision.as_object().clinical_fingerprint(),
                revision=revision,
                user=user,
                reviewed_by=person,
                last_reviewed=today,
                review_due=today + relativedelta(months=settings.CLINICAL_REVIEW_MONTHS[type(page).__name__]),
                is_sample_review=DemoRecord.objects.filter(key__startswith="page:", object_id=person.pk).exists(),
            )
        super().on_action(task_state, user, action_name, **kwargs)


def add_to_workflow(**_kwargs: Any) -> None:
    """Put the sign-off after the manager's approval (`post_migrate`), once: an administrator may remove it."""
    if not ClinicalReviewTask.objects.exists():
        task = ClinicalReviewTask.objects.create(name="a physiotherapist")
        for default in WorkflowPage.objects.filter(page__depth=1):
            WorkflowTask.objects.create(workflow=default.workflow, task=task, sort_order=1)

import json
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState

from services.models import ClinicalReviewTask, ServicePage
from tests import factories
from tests.edit_form import answers_of
from tests.markup import Markup

TODAY = date(2026, 6, 3)
DAY = timedelta(days=1)
WORDS = {"body": json.dumps(factories.BODY), "sources": factories.SOURCES, **factories.FACTS}


def stored(page: ServicePage) -> ServicePage:
    return ServicePage.objects.get(pk=page.pk)


def edit_address(page: ServicePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def draft(page: ServicePage, user: User | None, **changes: Any) -> ServicePage:
    """Store a draft with these changes; return it."""
    page = stored(page).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision(user=user)
    return page


def publish(page: ServicePage, **changes: Any) -> ServicePage:
    draft(page, None, **changes)
    stored(page).get_latest_revision().publish()
    return stored(page)


def shown(client: Client, page: ServicePage) -> str:
    return Markup(client.get(page.url).content.decode()).texts("main")[0]


def answer(client: Client, page: ServicePage, user: User, **more: str) -> Any:
    """Post the page's form as it stands, with these answers."""
    client.force_login(user)
    answers = answers_of(client.get(edit_address(page)).context["form"])
    return client.post(
        edit_address(page), answers | {"change": ""} | {key.replace("__", "-"): v for key, v in more.items()}
    )


def task_state(page: ServicePage) -> TaskState:
    state = page.current_workflow_task_state
    assert state
    return state


def start_sign_off(page: ServicePage, user: User) -> ClinicalReviewTask:
    """Submit the page, and let a manager approve what was changed."""
    page = stored(page)
    page.get_workflow().start(page, user)
    if not isinstance(page.current_workflow_task, ClinicalReviewTask):
        manager = User.objects.filter(groups__name="Managers").first() or factories.make_person("Managers")
        page.current_workflow_task.on_action(task_state(page), manager, "approve")
    task = page.current_workflow_task
    assert isinstance(task, ClinicalReviewTask)
    return task

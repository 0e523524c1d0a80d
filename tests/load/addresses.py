"""Every address of the site, with rows that exist in place of its parameters. Needs Django set up, and a database."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site, Task, UploadedFile

from contact.form.cookieless import sign_receipt
from contact.models import ReplyText
from contact.privacy.deletion import purge
from contact.privacy_notice import current_notice
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_image, make_person, make_standard

# A part of the route (empty for every route), what it has in place of a row's key, and the keys.
Rule = tuple[str, str, list[object]]

# Regular expressions without names.
UNNAMED = {
    r"^(\d+)/revisions/compare/(live|earliest|\d+)\.\.\.(live|latest|\d+)/$": (
        "<page_id>/revisions/compare/earliest...<revision_id>/"
    ),
    r"^(\d+)/(.*)$": "<document_id>/walked.pdf",
    r"^((?:[\w\-]+/)*)$": "walked/",
    r"^.*/$": "no-such-page/",
}


def every_address(patient: str) -> list[str]:
    """Return each address once. Makes the rows; `patient` is the name of the person who wrote."""
    rules = make_rows(patient)
    return list(dict.fromkeys(one for route in routes(get_resolver()) for one in filled(route, rules)))


def routes(resolver: URLResolver | URLPattern, before: str = "/") -> Iterator[str]:
    """Yield each pattern as text, such as `/admin/pages/<page_id>/edit/`."""
    for pattern in getattr(resolver, "url_patterns", []):
        own = UNNAMED.get(str(pattern.pattern), str(pattern.pattern)).removeprefix("^").removesuffix("$")
        route = before + re.sub(r"\(\?P<(\w+)>[^)]*\)|<\w+:(\w+)>", lambda found: f"<{found[1] or found[2]}>", own)
        yield from routes(pattern, route) if hasattr(pattern, "url_patterns") else [route]


def filled(route: str, rules: list[Rule]) -> Iterator[str]:
    """Yield the addresses of this route, one for each value."""
    if found := re.match(r"/django-admin/(?!r/)(\w+)/(\w+)/<object_id>", route):
        route = route.replace("<object_id>", str(last(apps.get_model(found[1], found[2]))))
    for section, parameter, values in rules:
        if section in route and parameter in route:
            for value in values:
                yield from filled(route.replace(parameter, str(value)), rules)
            return
    if "<" in route:
        raise ValueError(f"Say in tests/load/addresses.py what to use for the parameters of {route}")
    yield route


def last(model: type[Model]) -> object:
    return model._base_manager.order_by("pk").values_list("pk", flat=True).last()


def make_rows(patient: str) -> list[Rule]:
    """Make one of each thing that has an address; return what addresses have for it."""
    editor, image, page, other = make_person(username="editor"), make_image(), make_standard("Walked"), make_standard()
    revision, state = page.save_revision(user=editor), page.get_workflow().start(page, editor)
    document = get_document_model().objects.create(title="Walked", file=ContentFile(b"%PDF-1.4", name="walked.pdf"))
    document.tags.add("walked")
    make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
    purge()
    enquiry = make_enquiry(name=patient)
    message = make_message(enquiry=enquiry)
    ReplyText.objects.create(title="Walked", body="Hello")
    notice = current_notice()
    assert notice
    folder = Collection.get_first_root_node().add_child(name="Walked")
    locked = {"restriction_type": "login"}
    ids = {
        "page_id page_pk parent_page_id page_to_move_id": page,
        "destination_id": other,
        "revision_id": revision,
        "workflow_state_id": state,
        "task_state_id": state.current_task_state,
        "task_id": Task.objects.first(),
        "workflow_pk": state.workflow,
        "image_id": image,
        "document_id doc_id": document,
        "collection_id": folder,
        "message_pk": message,
        "redirect_id": Redirect.objects.create(old_path="/walked", redirect_link="/"),
        "session_id": EditingSession.objects.create(user=editor, content_object=page, last_seen_at=timezone.now()),
        "uploaded_file_id": UploadedFile.objects.create(file=image.file.name, uploaded_by_user=editor),
        "page_view_restriction_id": PageViewRestriction.objects.create(page=other, **locked),
        "restriction_id": CollectionViewRestriction.objects.create(collection=folder, **locked),
        "content_type_id": ContentType.objects.get_for_model(page),
    }
    keys = {
        "api/main/pages": page, "api/main/documents": document, "api/main/images": image, "collections": folder,
        "workflows/tasks": Task.objects.first(), "workflows": state.workflow, "sites": Site.objects.get(),
        "users": editor, "groups": Group.objects.get(name="Managers"), "documents": document, "images": image,
    }  # fmt: skip
    settings = [f"{model._meta.app_label}/{model._meta.model_name}" for model in settings_registry]
    return [
        *(("", f"<{name}>", [row.pk]) for names, row in ids.items() for name in names.split()),
        *((f"/{section}/", "<pk>", [row.pk]) for section, row in keys.items()),
        ("/settings/", "<app_name>/<model_name>/<pk>", [f"{one}/{Site.objects.get().pk}" for one in settings]),
        ("/settings/", "<app_name>/<model_name>", list(settings)),
        ("/tag-autocomplete/", "<app_name>/<model_name>", ["taggit/tag"]),
        ("/tasks/", "<app_label>/<model_name>", ["wagtailcore/groupapprovaltask"]),
        ("/bulk/", "<app_label>/<model_name>/<action>/", list(bulk_actions())),
        ("", "<batch>", ["0123456789abcdef"]),
        ("", "<app_label>/<model_name>", ["clinic/standardpage"]),
        ("", "<content_type_app_name>/<content_type_model_name>", ["clinic/standardpage"]),
        ("/api/", "<action_name>", ["copy", "delete", "publish", "unpublish", "move", "create_alias"]),
        ("", "<action_name>", ["approve", "reject"]),
        ("/editing-sessions/", "<object_id>", [page.pk]),
        ("", "<object_id>", [page.pk]),
        ("", "<app_label>", ["contact"]),
        ("", "<document_filename>", ["walked.pdf"]),
        ("", "<url>", ["no-such-page/"]),
        ("/content-checks/", "<key>", ["0" * 64]),
        ("", "<reference>", [enquiry.reference]),
        ("", "<filter_spec>", ["width-100"]),
        ("/privacy/", "<version>", [notice.version]),
        ("", "<version>", ["0"]),
        ("", "<signed>", [sign_receipt(enquiry)]),
        ("", "<uidb64>/<token>", ["MQ/set-password"]),
        ("", "<name>", ["no-such-picture.jpg"]),
    ]


def bulk_actions() -> Iterator[str]:
    """Yield the actions on several rows at once, without a row and with one."""
    bulk_action_registry.get_bulk_action_class("", "", "")  # finds them
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            for action in actions:
                yield f"{app}/{model}/{action}/"
                yield f"{app}/{model}/{action}/?id={last(apps.get_model(app, model))}"

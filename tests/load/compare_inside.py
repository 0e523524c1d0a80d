"""Runs inside each site that `tests.load.compare` compares, with the site's own settings: fills it, or measures it."""

import gzip
import json
import os
import sys
from functools import partial
from typing import Any

import django
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment

from tests.load.report import cost

ROUNDS = 15
FIELDS = (("Name", "singleline"), ("E-mail", "email"), ("Phone", "singleline"), ("Topic", "singleline"),
          ("When", "singleline"), ("Message", "multiline"))  # fmt: skip


def fill() -> None:
    """Make the text page and the form page, below the home page that the project came with."""
    from wagtail.models import Site  # noqa: PLC0415  Django is set up by now

    home = Site.objects.get(is_default_site=True).root_page
    tutorial, codered = ("home.TextPage", "home.EnquiryPage"), ("website.WebPage", "website.FormPage")
    text, form = map(apps.get_model, tutorial if apps.is_installed("home") else codered)
    body: list[dict[str, Any]] = [
        {"type": "text", "value": f"<p>{line}</p>"} for line in json.loads(os.environ["WORDS"])
    ]
    if text._meta.app_label == "website":  # CodeRed's texts are in the columns of a row
        column = {"column_size": "", "settings": {}, "content": body}
        body = [{"type": "row", "value": {"settings": {}, "content": [{"type": "content", "value": column}]}}]
    home.add_child(instance=text(title="Dry needling", slug="text", body=json.dumps(body)))
    ask = form(title="Ask us", slug="ask")
    home.add_child(instance=ask)
    for label, kind in FIELDS:
        ask.form_fields.create(label=label, field_type=kind, required=False)


def measure() -> dict[str, str]:
    from wagtail.models import Page  # noqa: PLC0415  Django is set up by now

    from tests.edit_form import answers_of  # noqa: PLC0415  as above

    browser = Client(SERVER_NAME="127.0.0.1")
    figures = {}
    for name, path in json.loads(os.environ["PATHS"]).items():
        _milliseconds, queries, answer = cost(partial(browser.get, path), 1)
        content = answer.content
        figures[f"{name}, queries"] = str(queries)
        figures[f"{name}, kB (compressed)"] = f"{len(content) / 1000:.0f} ({len(gzip.compress(content, 6)) / 1000:.1f})"
    editor = Client(SERVER_NAME="127.0.0.1")
    person = get_user_model().objects.create_superuser("measures")
    editor.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/admin/pages/{Page.objects.get(slug__in=['ims-dry-needling', 'text']).pk}/edit/"
    setup_test_environment()
    answers = answers_of(editor.get(address).context["form"]) | {"action-publish": "action-publish"}
    teardown_test_environment()
    for name, work, status in (
        ("editor opens the text page", lambda: editor.get(address), 200),
        ("editor publishes it", lambda: editor.post(address, answers), 302),
    ):
        milliseconds, queries, answer = cost(work, ROUNDS)
        assert answer.status_code == status, name
        figures[f"{name}, ms · queries"] = f"{milliseconds:.0f} · {queries}"
    person.delete()
    return figures


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        fill()
    else:
        sys.stdout.write(f"measured: {json.dumps(measure())}")

"""Every block and row of a page, empty, in part and full: drafts never break, and errors are at their field."""

from collections.abc import Iterator
from itertools import chain, product
from typing import Any

import pytest
from django.apps import apps
from django.forms.utils import ErrorList
from django.test import Client
from django.urls import reverse
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from clinic.models import HomePage
from tests import factories
from tests.edit_form import answers_of, item

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::bs4.MarkupResemblesLocatorWarning"),
    pytest.mark.no_cover,
]

Answers = dict[str, Any]
STREAMS = [
    (model, field.name)
    for model in apps.get_models()
    if issubclass(model, Page)
    for field in model._meta.get_fields()
    if isinstance(field, StreamField)
]
ROWS = [
    (model, relation.get_accessor_name())
    for model in apps.get_models()
    if issubclass(model, Page)
    for relation in get_all_child_relations(model)
    if hasattr(relation.related_model, "panels")  # the others are comments, and links that are checked in a list
]
# What a browser posts for a row's field that is filled in; the others are choices.
OF_THE_FORMSET = {"id", "ORDER", "DELETE"}
OF_ROWS = {"DateField": "2031-01-01", "TimeField": "10:00", "URLField": "https://example.org/", "CharField": "Words"}
FILLED: list[tuple[type[blocks.Block], Any]] = [
    (ImageChooserBlock, lambda: str(factories.make_image().pk)),
    (blocks.PageChooserBlock, lambda: str(Page.objects.live().last().pk)),
    (blocks.RichTextBlock, '{"blocks":[{"key":"a1b2c","text":"Rest.","type":"unstyled","depth":0}],"entityMap":{}}'),
    (blocks.URLBlock, "https://example.org/"),
    (blocks.DateTimeBlock, "2030-01-01 10:00"),
    (blocks.DecimalBlock, "7.5"),
    (blocks.BooleanBlock, "on"),
    (blocks.CharBlock, "Words"),
]


def filled(block: blocks.Block) -> str:
    """Return what a browser posts for an answer to a block of a single value."""
    if isinstance(block, blocks.ChoiceBlock):
        return str(next(value for value, _name in block.field.choices if value))
    if isinstance(block, blocks.IntegerBlock):
        return str(block.field.min_value or 1)
    answer = next(answer for kind, answer in FILLED if isinstance(block, kind))
    return str(answer() if callable(answer) else answer)


def variants(name: str, block: blocks.Block) -> list[Answers]:
    """Return what a browser posts for the block: each choice of its parts filled in, the others empty.

    The rows of a list are varied while everything else is empty, and while it is filled in.
    """
    if isinstance(block, blocks.StructBlock):
        parts = [variants(f"{name}-{key}", child) for key, child in block.child_blocks.items()]
        choices = [*product(*([part[0], part[-1]] for part in parts))]
        for number, part in enumerate(parts):
            for choice in (choices[0], choices[-1]):
                choices += [(*choice[:number], one, *choice[number + 1 :]) for one in part[1:-1]]
        return [dict(chain(*(part.items() for part in choice))) for choice in choices]
    if isinstance(block, blocks.ListBlock):
        rows = variants(f"{name}-0-value", block.child_block)
        return [{f"{name}-count": "0"}, *({f"{name}-count": "1"} | item(f"{name}-0", 0) | row for row in rows)]
    if isinstance(block, blocks.StaticBlock):
        return [{}]
    empty = {name: "null"} if isinstance(block, blocks.RichTextBlock) else {name: ""}
    return [{} if isinstance(block, blocks.BooleanBlock) else empty, {name: filled(block)}]


def stream_of_all(model: type[Page], field: str) -> list[tuple[str, Answers]]:
    """Return the type and the answers of each variant of each block, without its place in the stream.

    A block that several streams have is varied in the first of them; in the others it is empty.
    """
    chosen = []
    for kind, block in stream_block(model, field).child_blocks.items():
        is_first = FIRST[kind, type(block)] == (model, field)
        chosen += [(kind, one) for one in variants("value", block)[: None if is_first else 1]]
    return chosen


def stream_block(model: type[Page], field: str) -> blocks.StreamBlock:
    stream: Any = model._meta.get_field(field)
    return stream.stream_block


# Where each block comes first.
FIRST = {
    (kind, type(block)): (model, field)
    for model, field in reversed(STREAMS)
    for kind, block in stream_block(model, field).child_blocks.items()
}


def posted(field: str, chosen: list[tuple[str, Answers]]) -> Answers:
    answers: Answers = {f"{field}-count": str(len(chosen))}
    for number, (kind, value) in enumerate(chosen):
        answers |= item(f"{field}-{number}", number) | {f"{field}-{number}-type": kind}
        answers |= {f"{field}-{number}-{key}": text for key, text in value.items()}
    return answers


def places(error: Any, place: str = "value") -> Iterator[str]:
    """Yield where the error and those within it are, as names of answers."""
    if isinstance(error, blocks.StructBlockValidationError):
        for name, inner in error.block_errors.items():
            yield from places(inner, f"{place}-{name}")
        assert not error.non_block_errors
    elif isinstance(error, blocks.ListBlockValidationError):
        inner_errors = error.block_errors
        numbered = inner_errors.items() if isinstance(inner_errors, dict) else enumerate(inner_errors)
        for number, inner in numbered:
            if inner:
                yield from places(inner, f"{place}-{number}-value")
        if error.non_block_errors:
            yield place
    elif isinstance(error, ErrorList):
        for inner in error.as_data():
            yield from places(inner, place)
    else:
        yield place


def missing(name: str, block: blocks.Block, answers: Answers) -> Iterator[str]:
    """Yield the required parts that are empty."""
    if isinstance(block, blocks.StructBlock):
        for key, child in block.child_blocks.items():
            yield from missing(f"{name}-{key}", child, answers)
    elif isinstance(block, blocks.ListBlock):
        if answers[f"{name}-count"] != "0":
            yield from missing(f"{name}-0-value", block.child_block, answers)
        elif block.meta.min_num:
            yield name
    elif isinstance(block, blocks.FieldBlock) and block.required and answers.get(name) in {None, "", "null"}:
        yield name


def block_errors(response: Any, field: str) -> list[blocks.StreamBlockValidationError]:
    errors = response.context["form"].errors.as_data().get(field, [])
    return [error for error in errors if isinstance(error, blocks.StreamBlockValidationError)]


@pytest.fixture(scope="module", autouse=True)
def _clinic(rolled_back_after_the_module: None) -> None:
    factories.make_clinic()


def first(model: type[Page]) -> Any:
    return factories.home_page() if model is HomePage else model.objects.earliest("pk")


@pytest.mark.parametrize(("model", "field"), STREAMS, ids=[f"{model.__name__}.{field}" for model, field in STREAMS])
def test_a_draft_of_any_blocks_is_kept_and_publishing_names_the_fields(
    as_manager: Client, model: type[Page], field: str
) -> None:
    client, page = as_manager, first(model)
    stream = stream_block(model, field)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(address).context["form"]
    rest = {name: text for name, text in answers_of(form).items() if not name.startswith(f"{field}-")}
    everything = stream_of_all(model, field)
    answers = rest | posted(field, everything)

    assert client.post(address, answers).status_code == 302
    autosaved = client.post(address, answers, headers={"Accept": "application/json"})
    assert autosaved.json()["success"]
    assert client.get(address).status_code == 200
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(preview, answers).json() == {"is_valid": True, "is_available": True}
    shown = client.get(preview).content.decode()
    assert "None" not in shown
    if "care_card" in stream.child_blocks:
        assert "Care card: choose the level, enter the heading, enter the text." in shown
    earliest, *_rest, latest = page.revisions.order_by("pk")
    comparison = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, earliest.pk, latest.pk])
    assert client.get(comparison).status_code == 200
    bare = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    assert client.get(bare).status_code == 200

    refused = client.post(address, answers | {"action-publish": "1"})
    # Besides the blocks' errors there may be others, such as a missing emergency card.
    (error,) = block_errors(refused, field)
    for number, (kind, answers_to_block) in enumerate(everything):
        found = set(places(error.block_errors[number])) if number in error.block_errors else set()
        assert set(missing("value", stream.child_blocks[kind], answers_to_block)) <= found, (kind, answers_to_block)
    fine = [block for number, block in enumerate(everything) if number not in error.block_errors]
    published = client.post(address, rest | posted(field, fine) | {"action-publish": "1"})
    assert published.status_code == 302 or not block_errors(published, field)
    assert client.get(page.url).status_code == 200


def filled_in(field: Any) -> str:
    """Return what a browser posts for a field of a row."""
    if hasattr(field, "queryset"):
        return str(field.queryset.last().pk)
    if hasattr(field, "choices"):
        return str(next(value for value, _name in field.choices if value not in {"", None}))
    return OF_ROWS.get(type(field).__name__, "1")


@pytest.mark.parametrize(("model", "rows"), ROWS, ids=[f"{model.__name__}.{rows}" for model, rows in ROWS])
def test_a_draft_of_any_rows_is_kept_and_publishing_names_the_fields(
    as_manager: Client, model: type[Page], rows: str
) -> None:
    client, page = as_manager, first(model)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(address).context["form"]
    fields = {
        name: field for name, field in form.formsets[rows].empty_form.fields.items() if name not in OF_THE_FORMSET
    }
    # Nothing, one field alone, all but one, and everything.
    choices = [dict.fromkeys(fields, False), dict.fromkeys(fields, True)]
    choices += [{name: (name == one) is alone for name in fields} for one in fields for alone in (True, False)]
    choices = [dict(choice) for choice in dict.fromkeys(tuple(choice.items()) for choice in choices)]
    answers = answers_of(form) | {f"{rows}-TOTAL_FORMS": str(len(choices)), f"{rows}-INITIAL_FORMS": "0"}
    for number, choice in enumerate(choices):
        answers |= {f"{rows}-{number}-id": "", f"{rows}-{number}-ORDER": str(number + 1)}
        answers |= {
            f"{rows}-{number}-{name}": filled_in(fields[name]) if is_filled else ""
            for name, is_filled in choice.items()
        }

    autosaved = client.post(address, answers, headers={"Accept": "application/json"})
    assert autosaved.json()["success"], autosaved.json()
    assert client.get(address).status_code == 200
    kept = getattr(page.revisions.latest("pk").as_object(), rows)
    assert kept.count() == getattr(page, rows).count() + len(choices) - 1, "all but the empty row"
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(preview, answers).json() == {"is_valid": True, "is_available": True}
    assert "None" not in client.get(preview).content.decode()

    refused = client.post(address, answers | {"action-publish": "1"})
    for choice, errors in zip(choices, refused.context["form"].formsets[rows].errors, strict=True):
        assert errors.keys() >= {name for name, is_filled in choice.items() if fields[name].required and not is_filled}

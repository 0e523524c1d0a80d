"""What a browser posts when an editor opens a page's form in the Wagtail admin and saves it as it stands.

Stream fields are drawn by Wagtail's JavaScript, so that the answers cannot be read from the form's HTML: they are
made from the same values that the script is given.
"""

from typing import Any

from django.forms import CheckboxInput, CheckboxSelectMultiple, Form, Widget
from wagtail.blocks import Block, FieldBlock, ListBlock, StaticBlock, StreamBlock, StructBlock
from wagtail.blocks.stream_block import StreamValue

Answers = dict[str, Any]


def answers_of(form: Form) -> Answers:
    """Return the answers of the form and, where it has them, of its rows of children."""
    answers: Answers = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, StreamValue):
            answers |= stream(bound.html_name, value.stream_block, value)
        else:
            answers |= answer(bound.html_name, bound.field.widget, value)
    for rows in getattr(form, "formsets", {}).values():
        answers |= answers_of(rows.management_form)
        for row in rows.forms:
            answers |= answers_of(row)
    return answers


def answer(name: str, widget: Widget, value: Any) -> Answers:
    if isinstance(widget, CheckboxInput):
        return {name: "on"} if value else {}
    if isinstance(widget, CheckboxSelectMultiple):
        return {name: value or []}
    formatted = widget.format_value(value)
    if isinstance(formatted, list):
        formatted = formatted[0] if formatted else ""
    return {name: "" if formatted is None else str(formatted)}


def stream(name: str, block: StreamBlock, value: StreamValue) -> Answers:
    answers = {f"{name}-count": str(len(value))}
    for number, child in enumerate(value):
        answers |= item(f"{name}-{number}", number) | {f"{name}-{number}-type": child.block_type}
        answers |= block_answers(f"{name}-{number}-value", block.child_blocks[child.block_type], child.value)
    return answers


def block_answers(name: str, block: Block, value: Any) -> Answers:
    if isinstance(block, StreamBlock):
        return stream(name, block, value)
    if isinstance(block, StructBlock):
        return {
            key: text
            for child_name, child in block.child_blocks.items()
            for key, text in block_answers(f"{name}-{child_name}", child, value[child_name]).items()
        }
    if isinstance(block, ListBlock):
        answers = {f"{name}-count": str(len(value))}
        for number, child_value in enumerate(value):
            answers |= item(f"{name}-{number}", number)
            answers |= block_answers(f"{name}-{number}-value", block.child_block, child_value)
        return answers
    if isinstance(block, StaticBlock):
        return {}
    if not isinstance(block, FieldBlock):
        raise TypeError(f"It is not known here what a browser posts for {type(block).__name__}.")
    return answer(name, block.field.widget, block.field.prepare_value(block.value_for_form(value)))


def item(name: str, number: int) -> Answers:
    return {f"{name}-deleted": "", f"{name}-order": str(number), f"{name}-id": ""}

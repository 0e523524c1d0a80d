"""The body of a page."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.blocks import (
    Block,
    CharBlock,
    ChoiceBlock,
    ChooserBlock,
    ListBlock,
    StreamBlock,
    StreamBlockValidationError,
    StreamValue,
    StructBlock,
)

from clinic.blocks.clinic import CallBlock, PeopleBlock
from clinic.blocks.links import ButtonBlock, VideoLinkBlock
from clinic.blocks.media import ImageBlock
from clinic.blocks.text import (
    CalloutBlock,
    CareCardBlock,
    DoDontBlock,
    HeadingBlock,
    QuestionsBlock,
    QuoteBlock,
    TextBlock,
    anchor,
)
from clinic.lib.text import in_a_sentence


class StoryBlock(StreamBlock):
    heading = HeadingBlock(group="Text")
    text = TextBlock(group="Text")
    callout = CalloutBlock(group="Text")
    quote = QuoteBlock(group="Text")
    do_dont = DoDontBlock(group="Text", label="Do and do not")
    questions = QuestionsBlock(group="Text")
    care_card = CareCardBlock(group="Safety")
    image = ImageBlock(group="Pictures")
    video_link = VideoLinkBlock(group="Pictures")
    button = ButtonBlock(group="Links")
    call = CallBlock(group="Links", label="Phone and hours")
    people = PeopleBlock(group="Links")

    class Meta:
        collapsed = True  # a long page opens as a list of its parts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label_inputs(self)

    def clean(self, value: StreamValue) -> StreamValue:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        seen: set[str] = set()
        repeated = {}
        for index, block in enumerate(cleaned):
            if block.block_type == "heading":
                if anchor(block.value) in seen:
                    repeated[index] = ValidationError(
                        "Another heading has the same text. Change one, so that links can tell them apart."
                    )
                seen.add(anchor(block.value))
        if repeated:
            raise StreamBlockValidationError(block_errors=repeated)
        return cleaned

    def render_basic(self, value: StreamValue, context: dict[str, Any] | None = None) -> SafeString:
        """Return the blocks one after the other; a preview says above a block what it still needs."""
        if not getattr((context or {}).get("request"), "is_preview", False):
            return format_html_join("", "{}", ((block.render(context),) for block in value))
        drawn = ((unfinished_note(block.block, block.value), block.render(context)) for block in value)
        return format_html_join("", "{}{}", drawn)


def unfinished_note(block: Block, value: Any) -> str:
    """Return “Care card: choose the level, enter the heading.” as a paragraph; nothing for a finished block."""
    try:
        block.clean(value)
    except ValidationError as error:
        steps = ", ".join(dict.fromkeys(_steps_to_finish(block, error)))
        return format_html('<p class="unfinished">{}: {}.</p>', block.label, steps)
    return ""


def _steps_to_finish(block: Block, error: ValidationError) -> Iterator[str]:
    inner = getattr(error, "block_errors", {})
    for key, one in inner.items():
        child = block.child_blocks[key] if isinstance(block, StructBlock) else block.child_block
        yield from _steps_to_finish(child, one)
    if not inner and isinstance(block, ListBlock):
        yield f"add {in_a_sentence(block.label)}"
    elif not inner and getattr(error, "code", "") == "required":
        verb = "choose" if isinstance(block, (ChoiceBlock, ChooserBlock)) else "enter"
        yield f"{verb} the {in_a_sentence(block.label)}" if block.label else f"{verb} each line"
    elif not inner:
        yield in_a_sentence(" ".join(error.messages).rstrip("."))


def label_inputs(block: Block, label: str = "") -> None:
    """Name inputs after their block: Wagtail shows its label, but connects only a `StructBlock`’s with its inputs."""
    if isinstance(block, (CharBlock, ChoiceBlock)):
        block.field.widget.attrs["aria-label"] = label
    elif isinstance(block, ListBlock):
        label_inputs(block.child_block, block.label)
    for child in getattr(block, "child_blocks", {}).values():
        label_inputs(child, child.label)


def headings(body: StreamValue) -> list[dict[str, str]]:
    """Return `text` and `anchor` of each heading block, for the “on this page” list."""
    return [_heading(block.value) for block in body if block.block_type == "heading"]


def heading_of_help(body: StreamValue) -> dict[str, str] | None:
    """Return `text` and `anchor` of the heading over the first emergency card; None where there is none."""
    last = None
    for block in body:
        if block.block_type == "heading":
            last = block.value
        elif block.block_type == "care_card" and block.value.is_emergency:
            return _heading(last) if last else None
    return None


def _heading(value: object) -> dict[str, str]:
    return {"text": str(value), "anchor": anchor(str(value))}

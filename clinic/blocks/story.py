"""The body of a page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.blocks import (
    Block,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    StreamBlock,
    StreamBlockValidationError,
    StreamValue,
)

from clinic.blocks.care import CareCardBlock
from clinic.blocks.links import ButtonBlock, VideoLinkBlock
from clinic.blocks.media import ImageBlock
from clinic.blocks.questions import QuestionsBlock
from clinic.blocks.text import CalloutBlock, DoDontBlock, HeadingBlock, QuoteBlock, TextBlock, anchor


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label_inputs(self)

    def clean(self, value: StreamValue) -> StreamValue:
        cleaned = super().clean(value)
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
        """Return the blocks one after the other; the page puts them into an element of class “story”."""
        return format_html_join("", "{}", ((block.render(context),) for block in value))


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

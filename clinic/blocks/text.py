"""Text blocks."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.forms import Field
from django.utils.functional import cached_property
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock, StructValue
from wagtail.rich_text import RichText, expand_db_html

from clinic.lib.text import running_text

RICH_TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]
SHORT_TEXT_FEATURES = ["bold", "ul", "link"]
# How the prompts in the outline of a new page begin.
PROMPT = "[Write here:"
# The end of an item that another one follows.
ITEM_WITHOUT_END = re.compile(r"(?<![.!?:;,])(?=</li>\s*<li)")
# Between the texts of a batch; no text contains it.
BREAK = "\0"


class Words(RichText):
    """Rich text that is rendered without Wagtail's template of one line, which takes eight times as long.

    `batch`: the texts that are read from a page together, so that their links take one query for all of them.
    """

    def __init__(self, source: str, batch: "list[Words] | None" = None) -> None:
        super().__init__(source)
        self.batch = [self] if batch is None else batch
        self.expanded: str | None = None

    def __html__(self) -> str:
        if self.expanded is None:
            html = expand_db_html(BREAK.join(text.source for text in self.batch))
            for text, expanded in zip(self.batch, html.split(BREAK), strict=True):
                text.expanded = expanded
        return running_text(self.expanded or "")


class RichTextBlock(blocks.RichTextBlock):
    # What it stores is the same as Wagtail's own block, so migrations name that one.
    canonical_module_path = "wagtail.blocks.RichTextBlock"

    @cached_property
    def field(self) -> Field:
        """Wagtail's field, whose editor also has the block's label as its name for screen readers."""
        field: Field = super().field
        field.widget.options["ariaLabel"] = self.label
        return field

    def clean(self, value: Any) -> RichText:
        """Refuse to publish a prompt of the page's outline."""
        text: RichText = super().clean(value)
        if PROMPT in text.source and not self.is_deferred_validation:
            raise ValidationError(f"Write your own text in place of “{PROMPT} …]”, or delete this part.")
        return text

    def to_python(self, value: Any) -> Words:
        return Words(value)

    def get_searchable_content(self, value: RichText) -> list[str]:
        """Return the text; the items of a list do not run into one another."""
        texts: list[str] = super().get_searchable_content(RichText(ITEM_WITHOUT_END.sub(";", value.source)))
        return texts

    def bulk_to_python(self, values: Iterable[Any]) -> list[Words]:
        batch: list[Words] = []
        batch += [Words(value, batch) for value in values]
        return batch


class HeadingBlock(CharBlock):
    """A second-level heading; the “on this page” list is made of these."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_context(value, parent_context), "anchor": anchor(value)}

    class Meta:
        icon = "title"
        template = "clinic/blocks/heading.html"
        description = "Starts a section of the page. Listed under “On this page”."
        preview_value = "What happens in a session"


@lru_cache(maxsize=1000)
def anchor(heading: str) -> str:
    return slugify(heading) or "part"


class TextBlock(RichTextBlock):
    # Migrations name this class, not Wagtail's, which RichTextBlock names.
    canonical_module_path = "clinic.blocks.text.TextBlock"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=RICH_TEXT_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        template = "clinic/blocks/text.html"
        description = "Paragraphs and lists."
        preview_value = (
            "<p>You lie down, and we look for the muscles that are <b>tight and sore</b>.</p>"
            "<ul><li>Wear loose clothes.</li><li>Eat something before you come.</li></ul>"
        )


class QuoteBlock(StructBlock):
    text = CharBlock(max_length=400, help_text="The quotation, without quotation marks.")
    source = CharBlock(
        max_length=160, help_text="Who said it, and where. Never a patient: the rules do not allow testimonials."
    )

    class Meta:
        icon = "openquote"
        template = "clinic/blocks/quote.html"
        description = "A quotation from a published source."
        preview_value = {"text": "Keep moving as far as comfort allows.", "source": "An example source, 2024"}


class CalloutBlock(StructBlock):
    heading = CharBlock(max_length=120)
    text = RichTextBlock(features=SHORT_TEXT_FEATURES)

    class Meta:
        icon = "info-circle"
        template = "clinic/blocks/callout.html"
        description = "A short note that stands out. For warnings, use a care card."
        preview_value = {
            "heading": "Driving home",
            "text": "<p>Some people feel sleepy afterwards. Plan a rest before a long drive.</p>",
        }


class DoDontBlock(StructBlock):
    heading_do = CharBlock(max_length=60, default="Do", label="Heading of the first list")
    do = ListBlock(CharBlock(max_length=200), label="Things that help")
    heading_dont = CharBlock(max_length=60, default="Do not", label="Heading of the second list")
    dont = ListBlock(CharBlock(max_length=200), label="Things to avoid")

    class Meta:
        icon = "list-ul"
        template = "clinic/blocks/do_dont.html"
        description = "Two lists side by side: what helps, and what to avoid."
        preview_value = {
            "heading_do": "Do",
            "do": ["Keep your arm moving gently", "Use heat for ten minutes"],
            "heading_dont": "Do not",
            "dont": ["Lift heavy things with a straight arm"],
        }


class QuestionBlock(StructBlock):
    question = CharBlock(max_length=160, help_text="A question as a patient would ask it.")
    answer = RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        label = "Question"
        icon = "help"


class QuestionsBlock(StructBlock):
    questions = ListBlock(QuestionBlock(), min_num=1)

    class Meta:
        icon = "help"
        template = "clinic/blocks/questions.html"
        description = "Questions that open to show their answers. Printed pages show all of them."
        preview_value = {
            "questions": [
                {"question": "Does it hurt?", "answer": "<p>Most people feel little. A tight muscle may cramp.</p>"},
                {"question": "Do I need a referral?", "answer": "<p>No.</p>"},
            ]
        }


class CareLevel(TextChoices):
    NON_URGENT = "non_urgent", "Non-urgent: we can help in opening hours"
    URGENT = "urgent", "Urgent: call 811 or us today"
    EMERGENCY = "emergency", "Emergency: call 911"


class CareCardValue(StructValue):
    @property
    def level_words(self) -> str:
        """What a screen reader says before the heading, because it cannot show the colour."""
        words = {
            CareLevel.NON_URGENT: "Non-urgent advice",
            CareLevel.URGENT: "Urgent advice",
            CareLevel.EMERGENCY: "Emergency: act now",
        }
        return words.get(self["level"], "Advice")

    @property
    def is_emergency(self) -> bool:
        return bool(self["level"] == CareLevel.EMERGENCY)


class CareCardBlock(StructBlock):
    level = ChoiceBlock(
        choices=CareLevel.choices,
        help_text="How soon to get help: it sets the card's colour. An emergency card also shows the clinic's wording.",
    )
    heading = CharBlock(
        max_length=120, help_text="What to do, as the beginning of the list, for example “Call us or 811 if you have”."
    )
    text = RichTextBlock(
        features=SHORT_TEXT_FEATURES,
        help_text="The signs to look out for, as a list, and then what to do until help comes.",
    )

    class Meta:
        icon = "warning"
        template = "clinic/blocks/care_card.html"
        value_class = CareCardValue
        description = "When and where to get help: non-urgent, urgent or emergency."
        preview_value = {
            "level": CareLevel.EMERGENCY.value,
            "heading": "Call 911 if, after needling, you have",
            "text": "<ul><li>trouble breathing</li><li>chest pain</li></ul>",
        }

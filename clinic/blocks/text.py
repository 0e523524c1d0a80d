"""Text blocks."""

from functools import lru_cache
from typing import Any

from django.utils.text import slugify
from wagtail.blocks import CharBlock, ListBlock, StructBlock

from clinic.blocks.rich_text import RichTextBlock

RICH_TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]
SHORT_TEXT_FEATURES = ["bold", "ul", "link"]


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
        max_length=160,
        help_text="Who said it, and where. Never a patient: the rules do not allow testimonials.",
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

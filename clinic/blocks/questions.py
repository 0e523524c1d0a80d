"""Questions and answers."""

from wagtail.blocks import CharBlock, ListBlock, StructBlock

from clinic.blocks.rich_text import RichTextBlock
from clinic.blocks.text import RICH_TEXT_FEATURES


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

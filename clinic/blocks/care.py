"""Care cards: what to do when something is wrong, in three levels."""

from django.db.models import TextChoices
from wagtail.blocks import CharBlock, ChoiceBlock, StructBlock, StructValue

from clinic.blocks.rich_text import RichTextBlock
from clinic.blocks.text import SHORT_TEXT_FEATURES


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

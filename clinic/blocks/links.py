"""A button with exactly one target, and a link to a video."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    PageChooserBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
    URLBlock,
)

from clinic.blocks.text import SHORT_TEXT_FEATURES, RichTextBlock


class ButtonValue(StructValue):
    @property
    def is_usable(self) -> bool:
        """False if its page was deleted or unpublished; the button is then hidden."""
        page = self["page"]
        return bool(self["url"] or self["phone"] or self["form"] or (page and page.live))


class ButtonBlock(StructBlock):
    text = CharBlock(max_length=40, help_text="The words on the button, for example “Ask about IMS”.")
    page = PageChooserBlock(
        required=False, help_text="The page of this site that the button opens. Choose one target only."
    )
    url = URLBlock(
        required=False,
        label="Web address",
        help_text="The address on another site that the button opens. Choose one target only.",
    )
    phone = BooleanBlock(
        required=False,
        label="Calls the clinic",
        help_text="Check if the button calls the clinic's phone number. Choose one target only.",
    )
    form = ChoiceBlock(
        required=False,
        label="Enquiry form",
        choices=[("appointment", "An appointment"), ("other", "A question"), ("change_soon", "Changing a visit")],
        help_text="The topic with which the button opens the enquiry form. Choose one target only.",
    )

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        targets = [name for name in ("page", "url", "phone", "form") if result[name]]
        if len(targets) != 1 and not self.is_deferred_validation:
            message = "Choose where the button leads." if not targets else "Choose one target only."
            raise StructBlockValidationError(
                block_errors={name: ValidationError(message) for name in targets or ["page"]}
            )
        return result

    class Meta:
        icon = "link"
        template = "clinic/blocks/button.html"
        value_class = ButtonValue
        description = "A button to a page, an address, the phone or the form."
        preview_value = {"text": "Call the clinic", "page": None, "url": "", "phone": True, "form": ""}


class VideoLinkBlock(StructBlock):
    title = CharBlock(max_length=120)
    url = URLBlock(
        label="Web address",
        help_text="The video's web address. It opens on its own site, and nothing of that site is loaded here.",
    )
    minutes = IntegerBlock(required=False, min_value=1, max_value=300, help_text="How long the video is, in minutes.")
    transcript = RichTextBlock(
        required=False, features=SHORT_TEXT_FEATURES, help_text="What is said, for people who cannot watch or hear it."
    )

    class Meta:
        icon = "media"
        template = "clinic/blocks/video_link.html"
        description = "A link to a video on another site, with its length and a transcript."
        preview_value = {
            "title": "Three shoulder stretches",
            "url": "https://video.example.org/shoulder",
            "minutes": 4,
            "transcript": "<p>Stand beside a table …</p>",
        }

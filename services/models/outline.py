"""What a new treatment or condition begins with, and which parts of one are still missing."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils.text import get_text_list
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField

from clinic.blocks.rich_text import PROMPT
from services.blocks import TreatmentStoryBlock
from services.models.review import ClinicalReview


class OutlinedPage(ClinicalReview):
    subpage_types = ()
    schema_type = "MedicalWebPage"
    shown_together = ("lead_image", "reviewed_by")

    body = StreamField(TreatmentStoryBlock(), blank=True, help_text="The page, block by block.")

    content_panels = [
        HelpPanel(template="services/admin/parts.html"),
        *ClinicalReview.content_panels[:-1],
        FieldPanel("body", help_text="Click a part to open it. Use the plus signs to add others."),
    ]

    class Meta:
        abstract = True

    def begin(self) -> None:
        self.body = self.body.stream_block.to_python(outlines()[type(self).__name__])

    def own_parts(self) -> dict[str, Any]:
        """The parts of this type of page, and whether there is something in each."""
        return {}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["opening"], context["story"] = opening_and_story(self.body)
        return context

    @property
    def parts_done(self) -> str:
        """“4 of 9 parts done: sources and sign-off are missing”."""
        texts = [(block.block_type, PROMPT not in str(block.get_prep_value())) for block in self.body]
        parts = {
            "introduction": self.introduction,
            "text": texts and all(is_written for _, is_written in texts),
            "advice on getting help": ("care_card", True) in texts,
            **self.own_parts(),
            "sources": self.sources,
            "sign-off": self.review_is_current,
        }
        missing = [name for name, is_done in parts.items() if not is_done]
        verb = "is" if len(missing) == 1 and not missing[0].endswith("s") else "are"
        done = f"{len(parts) - len(missing)} of {len(parts)} parts done"
        return f"{done}: {get_text_list(missing, 'and')} {verb} missing" if missing else done


def opening_and_story(body: StreamValue) -> tuple[StreamValue, StreamValue]:
    """Return the 911 card or callout that the body begins with, if it does, and the other blocks.

    The page shows it first: whoever opens the page because of it must see it at once, on a phone too.
    """
    blocks = [(block.block_type, block.value, block.id) for block in body]
    kind, first = blocks[0][:2] if blocks else ("", None)
    begins = kind == "callout" or (kind == "care_card" and first is not None and first.is_emergency)
    return StreamValue(body.stream_block, blocks[:begins]), StreamValue(body.stream_block, blocks[begins:])


@cache
def outlines() -> dict[str, list[dict[str, Any]]]:
    """Return the blocks, as they are stored, of each page type with an outline, by its name such as `ServicePage`."""
    return dict(tomllib.loads(Path(__file__).with_name("outlines.toml").read_text("utf-8"))["services"])

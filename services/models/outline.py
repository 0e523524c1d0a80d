"""What a new treatment or condition begins with, and which parts of one are still missing."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.text import get_text_list
from wagtail.admin.panels import FieldPanel, HelpPanel

from clinic.blocks.rich_text import PROMPT
from clinic.models import BasePage


class OutlinedPage(models.Model):
    outlined_panels = [
        HelpPanel(template="services/admin/parts.html"),
        *BasePage.content_panels,
        FieldPanel("body", help_text="Click a part to open it. Use the plus signs to add others."),
    ]

    class Meta:
        abstract = True

    def begin(self: Any) -> None:
        self.body = self.body.stream_block.to_python(outlines()[type(self).__name__])

    @property
    def parts_done(self: Any) -> str:
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


@cache
def outlines() -> dict[str, list[dict[str, Any]]]:
    """Return the blocks, as they are stored, of each page type with an outline, by its name such as `ServicePage`."""
    return dict(tomllib.loads(Path(__file__).with_name("outlines.toml").read_text("utf-8"))["services"])

"""Clinical sign-off: who checked a page, when, when it is due again, and what the page is based on.

A sign-off belongs to the text that was read: `SignOff` has a fingerprint of it. Each time a page is saved, its review
fields are set from the sign-off with the fingerprint of its content. So no form, import, copy or older version of the
page can set them.
"""

import hashlib
import json
import re
import tomllib
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from modelcluster.models import get_serializable_data_for_fields
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Revision

from clinic.blocks.text import PROMPT
from clinic.models.base import StoryPage
from services.blocks import SourceBlock, TreatmentStoryBlock
from services.models.review_form import ClinicalPageForm, DraftCopyForm, QuestionPanel, Record

# What Wagtail's editor adds to rich text, and the white space between its elements.
LAYOUT = re.compile(r'\s*data-block-key="[^"]*"|(?<=>)\s+|\s+(?=<)')
# Blocks without clinical content.
NOT_CLINICAL = {"fees"}
REVIEW_AHEAD = 60  # days


class SignOff(models.Model):
    """A physiotherapist has read this content of the page and answers for it."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="sign_offs")
    fingerprint = models.CharField(max_length=64)
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_by = models.ForeignKey("clinic.PractitionerPage", null=True, on_delete=models.SET_NULL, related_name="+")
    last_reviewed = models.DateField()
    review_due = models.DateField(null=True)
    is_sample_review = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    # Editors who look up where a page is linked need not see this record.
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.page}, {self.last_reviewed}"


class ClinicalReview(StoryPage):
    """A treatment or a condition: it begins with an outline, and is signed off."""

    subpage_types = ()
    schema_type = "MedicalWebPage"
    shown_together = (*StoryPage.shown_together, "reviewed_by")

    body = StreamField(TreatmentStoryBlock(), blank=True, help_text="The page, block by block.")
    sources = StreamField(
        [("source", SourceBlock())], blank=True, help_text="Publications that the page is based on, listed at the end."
    )
    reviewed_by = models.ForeignKey(
        "clinic.PractitionerPage", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    last_reviewed = models.DateField(null=True, editable=False)
    review_due = models.DateField(null=True, editable=False)
    is_sample_review = models.BooleanField(default=False, editable=False)
    # Since when the page says something else than what was signed off.
    content_changed_on = models.DateField(null=True, editable=False)

    base_form_class = ClinicalPageForm
    copy_form_class = DraftCopyForm
    # The fields with what patients read, covered by the sign-off.
    clinical_fields: tuple[str, ...] = ("title", "introduction", "body", "sources")
    # Copied from the sign-off.
    SIGNED_FIELDS = ("reviewed_by_id", "last_reviewed", "review_due", "is_sample_review")
    # What its editor said about a change, until the revision is stored.
    record: Record | None = None

    content_panels = [
        HelpPanel(template="services/admin/parts.html"),
        *StoryPage.content_panels[:-1],
        FieldPanel(
            "body",
            help_text="Click into a prompt and write your own text, or delete the part. The plus signs add others.",
        ),
    ]
    source_panels = [
        FieldPanel(
            "sources",
            help_text="What the page is based on, listed at its end. The plus sign adds a publication; at least one is "
            "needed before the page can be submitted.",
        ),
        HelpPanel(heading="Clinical sign-off", template="services/admin/sign_off.html"),
        QuestionPanel("change", disable_comments=True),
        QuestionPanel("publish_unchecked", disable_comments=True),
    ]

    class Meta:
        abstract = True

    def begin(self) -> None:
        # The ids are what the links beside the form lead to.
        blocks = [block | {"id": str(uuid4())} for block in outlines()[type(self).__name__]]
        self.body = self.body.stream_block.to_python(blocks)

    def missing(self) -> dict[str, str]:
        """The fields that have to be filled in before the page is submitted, and what to tell its editor."""
        return {} if self.sources else {"sources": "Name at least one source that the page is based on."}

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
            "sources": "sources" not in self.missing(),
            "sign-off": self.review_is_current,
        }
        missing = [name for name, is_done in parts.items() if not is_done]
        verb = "is" if len(missing) == 1 and not missing[0].endswith("s") else "are"
        done = f"{len(parts) - len(missing)} of {len(parts)} parts done"
        return f"{done}: {get_text_list(missing, 'and')} {verb} missing" if missing else done

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not kwargs.get("update_fields"):
            self.match_sign_off()
        super().save(*args, **kwargs)

    @property
    def needs_sign_off(self) -> bool:
        """Whether someone has to read this content: it is not signed off, or the review is due within 60 days."""
        self.match_sign_off()
        return self.days_left <= REVIEW_AHEAD

    @property
    def review_is_overdue(self) -> bool:
        """True from the day after the review was due; without a day, it is due."""
        due = self.review_due
        return self.last_reviewed is not None and (due is None or due < timezone.localdate())

    @property
    def review_is_current(self) -> bool:
        """True if this content was signed off and the next review is not overdue."""
        is_signed = self.reviewed_by_id and self.last_reviewed and not self.content_changed_on
        return bool(is_signed and not self.review_is_overdue)

    @property
    def days_left(self) -> int:
        """Until someone has to read the page again: 0 if no sign-off covers it, negative if it is overdue."""
        if not (self.reviewed_by_id and self.last_reviewed and self.review_due) or self.content_changed_on:
            return 0
        return (self.review_due - timezone.localdate()).days

    @property
    def why_due(self) -> str:
        if not (self.reviewed_by_id and self.last_reviewed):
            return "No physiotherapist has signed it off"
        if self.content_changed_on:
            return f"Changed on {date_format(self.content_changed_on)} after its clinical sign-off"
        day = self.review_due or timezone.localdate()
        return f"Its clinical review {'was' if self.review_is_overdue else 'is'} due on {date_format(day)}"

    def clinical_fingerprint(self) -> str:
        """Return a hash of what patients read, whatever the layout of its HTML and the ids of its blocks."""
        values = [content_of(getattr(self, name)) for name in self.clinical_fields]
        return hashlib.sha256(json.dumps(values, cls=DjangoJSONEncoder).encode()).hexdigest()

    def last_sign_off(self) -> SignOff | None:
        return next(iter(self.sign_offs.all()), None) if self.pk else None

    def fetch_for_editor(self) -> None:
        super().fetch_for_editor()
        sign_offs = SignOff.objects.select_related("reviewed_by")
        models.prefetch_related_objects([self], models.Prefetch("sign_offs", sign_offs))
        self.match_sign_off()

    def match_sign_off(self) -> bool:
        """Set the review fields from the sign-off of this content, or else the last one; return if it is signed."""
        signed = list(self.sign_offs.all()) if self.pk else []
        fingerprint = self.clinical_fingerprint() if signed else ""
        match = next((one for one in signed if one.fingerprint == fingerprint), None)
        last = signed[0] if signed else None
        for name in self.SIGNED_FIELDS:
            setattr(self, name, getattr(match or last or SignOff(), name))
        self.content_changed_on = (self.content_changed_on or timezone.localdate()) if last and not match else None
        return bool(match)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Store also what its editor said about the change: a correction of spelling keeps the sign-off."""
        revision: Revision = super().save_revision(*args, **kwargs)
        record, self.record = self.record, None
        if record:
            log(instance=self, action=record.value, user=kwargs.get("user"), revision=revision)
        if record is Record.SPELLING and (signed := self.last_sign_off()):
            signed.pk, signed.fingerprint = None, self.clinical_fingerprint()
            signed.save()
        return revision

    def publish(self, revision: Revision, user: User | None = None, **kwargs: Any) -> None:
        """Let the workflow publish what this user has just signed off, even if they may not publish otherwise."""
        signed = self.last_sign_off()
        if signed and user and (signed.user_id, signed.revision_id) == (user.pk, revision.pk):
            kwargs["skip_permission_checks"] = True
        # Patients read since when the published page differs, not since when the draft does.
        revision.content["content_changed_on"] = self.content_changed_on
        super().publish(revision, user=user, **kwargs)

    def sign_as_sample(self) -> None:
        """Record the review that the demo's text names; pages say that it is a sample."""
        signed = {name: getattr(self, name) for name in self.SIGNED_FIELDS} | {"is_sample_review": True}
        SignOff.objects.create(page_id=self.pk, fingerprint=self.clinical_fingerprint(), **signed)


def content_of(value: Any) -> Any:
    """Return a field's value, a stream's or child rows', without what only the database and the editor need."""
    if isinstance(value, models.Manager):
        rows = (get_serializable_data_for_fields(row) for row in value.all())
        return [content_of(row | dict.fromkeys(("pk", "sort_order", "service"))) for row in rows]
    if isinstance(value, StreamValue):
        blocks = [block for block in value if block.block_type not in NOT_CLINICAL]
        return [[block.block_type, content_of(block.block.get_prep_value(block.value))] for block in blocks]
    if isinstance(value, dict):
        return {key: content_of(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, list):
        return [content_of(inner) for inner in value]
    return " ".join(unescape(LAYOUT.sub("", value)).split()) if isinstance(value, str) else value or ""


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

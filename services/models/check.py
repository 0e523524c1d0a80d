"""What the checks of pages found, what a reviewer overruled, and which addresses elsewhere still answer."""

from hashlib import sha256

from django.conf import settings
from django.db import models
from wagtail.models import Page


class Check(models.Model):
    """A problem of a page, or of a picture; those of published pages are stored, for the report."""

    class Level(models.TextChoices):
        ERROR = "error"
        WARNING = "warning"

    class Kind(models.IntegerChoices):
        """The worst first."""

        CLAIM = 1, "Claim"
        EMERGENCY = 2, "Emergency card"
        LICENCE = 3, "Licence"
        SIGN_OFF = 4, "Sign-off"
        SOURCE = 5, "Source"
        LINK = 6, "Link"
        READING = 7, "Reading grade"
        DESCRIPTION = 8, "Description"
        PICTURE = 9, "Picture"
        WEIGHT = 10, "Page weight"
        UNUSED = 11, "Unused picture"

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="checks")
    title = models.CharField("page or picture", max_length=255)
    url = models.CharField(max_length=255)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.WARNING)
    kind = models.PositiveSmallIntegerField("about", choices=Kind.choices)
    text = models.TextField("problem")
    advice = models.TextField("what helps", blank=True)

    # Where the problem is: a field and the position of its block, the rule and the sentence that it is about.
    field = ""
    block: int | None = None
    rule = ""
    words = ""

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["level", "kind", "title", "pk"]

    def __str__(self) -> str:
        return f"{self.level}: {self.title}: {self.text}"

    @property
    def anchor(self) -> str:
        return self.url.partition("#")[2]

    @property
    def key(self) -> str:
        """What an overruling refers to: the rule and the sentence, wherever it is on the page."""
        return sha256(f"{self.rule}\n{' '.join(self.words.split())}".encode()).hexdigest()


class Overruling(models.Model):
    """A reviewer's decision that a sentence may be published although a rule finds it."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="overrulings")
    key = models.CharField(max_length=64)
    text = models.TextField("problem")
    reason = models.TextField(max_length=500, help_text="Kept with the page, with your name and today's date.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="services_overruled_once")]

    def __str__(self) -> str:
        return f"{self.text}: {self.reason}"


class ExternalLink(models.Model):
    """An address that pages link to, and what was wrong with it when the worker last asked."""

    url = models.CharField(max_length=600, unique=True)
    asked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=80, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.url

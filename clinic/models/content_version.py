"""One row that says whether anything that visitors see has changed."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

THE_ROW = 1
BEFORE_ANY_CHANGE = "0"


class ContentVersion(models.Model):
    # Random and not a number that counts up: after a backup was restored no old copy passes for a new one.
    token = models.CharField(max_length=32)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.token

    @classmethod
    def current(cls) -> str:
        token = cls.objects.filter(pk=THE_ROW).values_list("token", flat=True)[:1]
        return next(iter(token), BEFORE_ANY_CHANGE)

    @classmethod
    def renew(cls) -> None:
        """Make every copy of a page an old one, in all processes."""
        cls.objects.update_or_create(pk=THE_ROW, defaults={"token": uuid4().hex})

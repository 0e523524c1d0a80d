"""What `load_demo` made, so that `load_demo --flush-demo` removes exactly that."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class DemoRecord(models.Model):
    key = models.CharField(max_length=255, unique=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    made = GenericForeignKey("content_type", "object_id")
    # The fields of something that existed before the demo, which only filled it in.
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    # Editors who look up where a picture is used need not see this record.
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contact.models import PurgeRun
from contact.privacy.retention.deletion import purge
from tests.contact.factories import hours_ago, make_enquiry

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks


@pytest.fixture
def rows(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> list[PurgeRun]:
    """A ledger of five rows, one enquiry each, and the file outside that knows the last."""
    for _ in range(5):
        make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
        with django_capture_on_commit_callbacks(execute=True):
            purge()
    return list(PurgeRun.objects.order_by("number"))

"""What `manage.py check` refuses, and the time zone."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from django.core.checks import run_checks
from django.core.checks.messages import WARNING
from django.utils import timezone


@pytest.mark.django_db
def test_the_site_passes_every_check() -> None:
    assert [message for message in run_checks() if message.level >= WARNING] == []


def test_the_yukon_has_no_winter_time_whatever_table_the_machine_has() -> None:
    assert zoneinfo.TZPATH == ()
    assert timezone.localtime(datetime(2026, 1, 15, tzinfo=UTC)).utcoffset() == timedelta(hours=-7)

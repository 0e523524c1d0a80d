"""What somebody with the database in hand does to the ledger, and what the check says of it."""

from __future__ import annotations

from django.db import connection

from contact.models import PurgeRun
from contact.privacy.retention.verification import verify


def faults() -> list[str]:
    return verify().faults


def sql(statement: str, *values: str) -> None:
    """Go past the models, which refuse to change an event."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def remove_last_row_and_its_events() -> None:
    PurgeRun.objects.filter(number=5).delete()
    sql("DELETE FROM contact_enquiryevent WHERE detail LIKE %s", "Purge 5%")

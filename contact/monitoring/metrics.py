"""`/metrics` for Prometheus: figures about the whole site, and nothing about any patient."""

import shutil
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from clinic.backup.archive import proven_at
from clinic.lib.http import read_only
from contact.models import Alarm, Enquiry, Job, Message, SyntheticCheck
from contact.models.enquiry import WAITING
from contact.monitoring.health import HEARTBEAT


@read_only
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever sends METRICS_TOKEN; for all others there is no such page."""
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        raise Http404
    registry = CollectorRegistry()
    for name, description, value in figures(timezone.now()):
        if value is not None:
            number = value.timestamp() if isinstance(value, datetime) else value
            Gauge(f"clinic_{name}", description, registry=registry).set(number)
    return HttpResponse(generate_latest(registry), CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def figures(now: datetime) -> Iterator[tuple[str, str, float | datetime | None]]:
    """Return each figure with its name and description; None for a time at which nothing has happened yet."""
    waiting = Enquiry.objects.filter(status__in=WAITING)
    yield "enquiries_waiting", "Enquiries that no one has answered", waiting.count()
    oldest = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    yield "oldest_enquiry_waiting_timestamp_seconds", "When the oldest of them came", oldest
    unsent = Message.objects.unsent().filter(is_refused=False)
    yield "messages_waiting", "Messages that are still to be sent", unsent.count()
    yield "messages_undelivered", "Messages to look at: not delivered", Message.objects.needing_attention(now).count()
    yield "alarms_active", "Alarms that are not over", Alarm.objects.filter(ended_at=None).count()
    beat = Job.objects.filter(name=HEARTBEAT).values_list("last_finished_at", flat=True).first()
    yield "worker_heartbeat_timestamp_seconds", "When the worker last showed that it runs", beat
    check = SyntheticCheck.objects.conclusive().first()
    yield "form_check_timestamp_seconds", "When the form was last checked", check.finished_at if check else None
    yield "form_check_passed", "1 if that check passed, 0 if it failed", check.passed if check else None
    yield "backup_proven_timestamp_seconds", "When a backup was last proven", proven_at()
    yield "disk_free_bytes", "Bytes that are free for what people write", shutil.disk_usage(settings.DATA_DIR).free

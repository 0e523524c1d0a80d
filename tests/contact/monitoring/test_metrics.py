"""`/metrics` has figures for Prometheus, which shows its token, and for no one else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from contact.models import Alarm, Job, SyntheticCheck
from contact.models.enquiry import Status
from contact.models.monitoring import AlarmType
from contact.monitoring.health import HEARTBEAT
from tests.contact.factories import make_enquiry, make_message

pytestmark = pytest.mark.django_db
TOKEN = "a-long-random-text"


def test_prometheus_reads_how_the_site_is_and_nothing_about_patients(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    now = timezone.now()
    waiting = make_enquiry(name="Kim", received_at=now - timedelta(hours=2))
    make_enquiry(name="Kim", status=Status.ANSWERED, received_at=now - timedelta(hours=3))
    make_message(enquiry=waiting, is_refused=True)
    make_message(enquiry=waiting, recipient="other@example.org")
    Alarm.objects.create(kind=AlarmType.UNDELIVERED)
    Job.objects.create(name=HEARTBEAT, last_finished_at=now)
    SyntheticCheck.objects.create(finished_at=now, passed=True)
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response["Cache-Control"] == "no-store"
    text = response.content.decode()
    assert "Kim" not in text
    found = {
        family.name.removeprefix("clinic_"): family.samples[0].value for family in text_string_to_metric_families(text)
    }
    assert found.pop("disk_free_bytes") > 0
    assert found == {
        "enquiries_waiting": 1,
        "oldest_enquiry_waiting_timestamp_seconds": pytest.approx(now.timestamp() - 7200),
        "messages_waiting": 1,
        "messages_undelivered": 1,
        "alarms_active": 1,
        "worker_heartbeat_timestamp_seconds": pytest.approx(now.timestamp()),
        "form_check_timestamp_seconds": pytest.approx(now.timestamp()),
        "form_check_passed": 1,
    }


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize(
    "sent", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer ä"}, {"Authorization": TOKEN}]
)
def test_without_the_token_there_is_no_such_page(
    client: Client, settings: Settings, token: str, sent: dict[str, str]
) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers=sent).status_code == 404

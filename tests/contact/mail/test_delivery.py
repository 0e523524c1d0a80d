"""A mail is sent once, or is tried again for as long as it takes. With a real SMTP server."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import override_settings
from django.utils import timezone

from contact.mail import messages, outbox
from contact.mail.outbox import deliver_due, wait_after
from contact.models import DeliveryAttempt, Message
from tests.contact.factories import make_message
from tests.contact.mail_server import MailServer

Outcome = DeliveryAttempt.Outcome


def later(minutes: float) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def attempts(message: Message) -> list[tuple[str, str]]:
    return list(message.delivery_attempts.values_list("outcome", "reply"))


def test_a_due_message_is_sent_once_and_the_servers_reply_is_recorded(mail_server: MailServer) -> None:
    message = make_message()
    make_message(not_before=later(5))
    make_message(claimed_until=later(1), claim="another worker")
    assert (deliver_due().sent, deliver_due().sent, mail_server.connections) == (1, 0, 1)
    message.refresh_from_db()
    assert message.sent_at
    assert (message.attempts, message.last_error, message.claimed_until) == (1, "", None)
    assert attempts(message) == [(Outcome.SENT, "250 2.0.0 Ok: queued as 4F3A")]
    assert mail_server.taken == {message.message_id: 1}


def test_a_postponed_message_waits_and_goes_out_later(mail_server: MailServer) -> None:
    message = make_message()
    mail_server.at_recipient = lambda _recipient: "451 4.7.1 Greylisted, try again"
    assert deliver_due().failed == 1
    message.refresh_from_db()
    assert (message.last_error, message.is_refused) == ("451 4.7.1 Greylisted, try again", False)
    assert timedelta(seconds=50) < message.not_before - timezone.now() <= timedelta(minutes=1)
    assert deliver_due().sent == 0
    mail_server.at_recipient = lambda _recipient: None
    assert deliver_due(later(2)).sent == 1
    assert [outcome for outcome, _ in attempts(message)] == [Outcome.POSTPONED, Outcome.SENT]


@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
def test_a_refused_message_is_not_tried_again_and_does_not_stop_the_next(mail_server: MailServer, where: str) -> None:
    refused = make_message(recipient="gone@example.com")
    make_message()
    setattr(mail_server, where, lambda recipient: "550 5.1.1 No such user" if "gone" in recipient else None)
    assert str(deliver_due()).startswith("1 sent, 1 failed")
    assert attempts(refused) == [(Outcome.REFUSED, "550 5.1.1 No such user")]
    assert list(Message.objects.needing_attention(timezone.now())) == [refused]
    assert deliver_due(later(61)).failed == 0, "not tried again"


@pytest.mark.parametrize("said", ["554 5.7.1 Relay access denied", "530 5.7.0 Authentication required"])
def test_a_refusal_that_is_about_us_is_tried_again(mail_server: MailServer, said: str) -> None:
    message = make_message(kind="reply")
    mail_server.at_recipient = lambda _recipient: said
    deliver_due()
    assert attempts(message) == [(Outcome.FAILED, said)]
    assert list(Message.objects.stuck(later(31))) == [message]
    mail_server.at_recipient = lambda _recipient: None
    assert deliver_due(later(2)).sent == 1


def test_only_several_servers_that_postpone_mail_are_a_problem_of_ours(mail_server: MailServer) -> None:
    mail_server.at_recipient = lambda _recipient: "451 4.7.1 Try again"
    for recipient, stuck in (("a@one.example", 0), ("b@One.example", 0), ("c@two.example", 3)):
        make_message(kind="reply", recipient=recipient)
        deliver_due()
        assert Message.objects.stuck(later(31)).count() == stuck


@pytest.mark.parametrize(
    "trouble",
    [{"dies_at_data": True}, {"is_silent": True}, {"at_recipient": lambda _: "421 4.3.2 Shutting down"}, {"port": 1}],
)
def test_an_unreachable_server_is_tried_once_a_round(mail_server: MailServer, trouble: dict[str, Any]) -> None:
    first, second = make_message(), make_message()
    with patch.multiple(mail_server, **trouble), override_settings(EMAIL_PORT=mail_server.port, EMAIL_TIMEOUT=0.2):
        assert str(deliver_due()).startswith("0 sent, 1 failed")
    assert ([outcome for outcome, _ in attempts(first)], attempts(second)) == ([Outcome.UNREACHABLE], [])
    assert deliver_due().sent == 1
    assert [outcome for outcome, _ in attempts(second)] == [Outcome.SENT]
    assert deliver_due(later(6)).sent == 1


@pytest.mark.usefixtures("mail_server")
def test_a_mail_that_cannot_be_built_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = make_message(recipient="robin@example.com"), make_message()
    with patch.object(outbox, "emails_for", side_effect=[KeyError(broken.recipient), messages.emails_for(fine)]):
        counts = deliver_due()
    assert (counts.sent, counts.failed) == (1, 1)
    assert attempts(broken) == [(Outcome.FAILED, "KeyError: 'robin@example.com'")]
    assert "robin" not in caplog.text
    assert [outcome for outcome, _ in attempts(fine)] == [Outcome.SENT]


def test_another_worker_sends_the_message_of_a_dead_worker_after_the_lease(mail_server: MailServer) -> None:
    message = make_message(claim="dead", claimed_until=later(2), attempts=1)
    DeliveryAttempt.objects.create(message=message, started_at=timezone.now())
    assert deliver_due().sent == 0
    assert deliver_due(later(3)).sent == 1
    assert [outcome for outcome, _ in attempts(message)] == [Outcome.SENDING, Outcome.SENT]


@pytest.mark.parametrize("outcome", [Outcome.POSTPONED, Outcome.SENT])
def test_a_slow_worker_that_lost_its_lease_does_not_change_the_message(outcome: Outcome) -> None:
    message = make_message()
    slow, quick, third = (outbox._claim(message.pk, later(minutes)) for minutes in (0, 3, 3))
    assert slow
    assert quick
    assert third is None
    outbox._record(slow, outcome, "the slow worker's")
    message.refresh_from_db()
    assert bool(message.sent_at) is (outcome == Outcome.SENT), "what it sent is sent"
    assert message.claim == ("" if message.sent_at else quick.message.claim)
    outbox._record(quick, Outcome.SENT, "250 Ok")
    message.refresh_from_db()
    assert (bool(message.sent_at), message.last_error) == (True, "")


def test_the_wait_after_a_failure_grows_to_an_hour() -> None:
    waits = [wait_after(attempt, Outcome.POSTPONED) for attempt in (1, 2, 3, 4, 5, 6, 1000)]
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 30, 60, 60, 60]
    assert wait_after(1000, Outcome.UNREACHABLE) == timedelta(minutes=5)

"""300 enquiries, a mail server that refuses a quarter, six `kill -9` of the worker: `python -m tests.load.mail_drill`.

Prints what was delivered, what the server refused for good, and how many copies were too many: at most one for each
kill. Waiting times are cut short (a failed message is due again at once, a dead worker's lease ends at once),
everything else is as in production.
`--database postgres://…` for PostgreSQL, else SQLite.
"""

import random
import sys
import time

from django.utils import timezone

from tests.contact.mail_server import MailServer
from tests.load.temporary_site import Worker, allow_any_number, arguments, temporary_site

REFUSALS = ("451 4.7.1 Try again later", "550 5.7.1 Refused", "421 4.3.2 Closing")
QUARTER = 0.25


def main() -> int:
    asked = arguments(__doc__, number=300, kills=6, seconds=300.0)  # after these seconds it gives up
    with MailServer() as server:
        chance = random.Random(1)  # noqa: S311  a drill, the same each time
        server.at_data = lambda _recipient: chance.choice(REFUSALS) if chance.random() < QUARTER else None
        server.seconds_of_silence = 0.005
        with temporary_site(asked.database, EMAIL_URL=f"smtp://127.0.0.1:{server.port}") as kind:
            allow_any_number()
            write_enquiries(asked.number)
            kills = deliver(server, asked.number * 2, asked.kills, time.monotonic() + asked.seconds)
            return report(kind, server, kills)


def write_enquiries(number: int) -> None:
    from contact.form.forms import EnquiryForm  # noqa: PLC0415  Django is set up by now
    from contact.intake.submission import submit_enquiry  # noqa: PLC0415  as above

    for one in range(number):
        form = EnquiryForm({"name": f"Sample {one}", "email": f"sample{one}@example.com", "topic": "appointment"})
        form.is_valid()
        submit_enquiry(form.answers)


def deliver(server: MailServer, messages: int, kills: int, end: float) -> int:
    """Run workers until all is sent or refused, killing one each time another share has gone out; return the kills."""
    from contact.models import Message  # noqa: PLC0415  Django is set up by now

    shares = [messages * share // (kills + 1) for share in range(1, kills + 1)]
    killed = 0
    with Worker() as worker:
        while Message.objects.unsent().filter(is_refused=False).exists() and time.monotonic() < end:
            if killed < kills and len(server.taken) >= shares[killed]:
                worker.kill()
                killed += 1
                time.sleep(0.1)  # the server may still take the mail in hand
                Message.objects.unsent().exclude(claim="").update(claimed_until=timezone.now())
                worker.start()
            Message.objects.unsent().filter(claim="").update(not_before=timezone.now())
            time.sleep(0.2)  # more often, and the worker would wait for this process
    return killed


def report(kind: str, server: MailServer, kills: int) -> int:
    from contact.models import DeliveryAttempt, Message  # noqa: PLC0415  Django is set up by now

    messages = Message.objects.count()
    delivered = {pk for pk, message_id in Message.objects.values_list("pk", "message_id") if message_id in server.taken}
    # Staff see these under “Undelivered”, and can send them again.
    refused = set(Message.objects.needing_attention(timezone.now()).values_list("pk", flat=True)) - delivered
    waiting = set(Message.objects.unsent().filter(is_refused=False).values_list("pk", flat=True)) - delivered - refused
    lost = messages - len(delivered | refused | waiting)
    copies = server.taken.total() - len(server.taken)
    failed = DeliveryAttempt.objects.exclude(outcome__in=["sent", "sending"]).count()
    cut_off = DeliveryAttempt.objects.filter(outcome="sending").count()
    print(  # noqa: T201  its report
        f"{kind}: {len(delivered)} of {messages} messages delivered, {len(refused)} refused and shown to staff,"
        f" {len(waiting)} still waiting at the end, {lost} lost, {copies} second copies for {kills} kills;"
        f" {failed} attempts failed, {cut_off} were cut off"
    )
    return 0 if not lost and not waiting and copies <= kills else 1


if __name__ == "__main__":
    sys.exit(main())

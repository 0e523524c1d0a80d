"""What many enquiries may cause: receipts to one address, and mail to staff in an unusual hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction

from clinic.lib.email_addresses import same_mailbox
from clinic.lib.logs import log_failure
from contact.models import DeskSettings, MailedReceipts, Message
from contact.models.message import MessageType
from contact.models.settings import staff_address
from contact.screening import keyed_hash

if TYPE_CHECKING:
    from datetime import datetime

    from contact.models import Enquiry

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_RECEIPTS_A_DAY = 3


def may_mail_receipt(email: str, now: datetime) -> bool:
    """Return whether this address may be sent a receipt now, and count it: one an hour, and three a day.

    Anyone can type anyone's address into the form. Call it in the transaction that stores the receipt: the row is
    locked, so that of two requests at once only one gets it. When that fails, the receipt is shown on screen alone.
    """
    hashed = keyed_hash("mailbox", same_mailbox(email))
    try:
        with transaction.atomic():
            if mailed := MailedReceipts.objects.select_for_update().filter(address_hash=hashed).first():
                return _may_mail_again(mailed, now)
            MailedReceipts.objects.create(address_hash=hashed, times=[now.timestamp()], last_at=now)
            return True
    except IntegrityError:
        return False  # another request was first, a moment ago
    except DatabaseError as error:
        log_failure("Earlier receipts could not be counted, so none is mailed", error)
        return False


def _may_mail_again(mailed: MailedReceipts, now: datetime) -> bool:
    # Times far ahead are those of a clock that was wrong; of two requests at once, the later one may be stored first.
    times = [time for time in mailed.times if (now - DAY).timestamp() < time < (now + HOUR).timestamp()]
    if len(times) >= MOST_RECEIPTS_A_DAY or any(time > (now - HOUR).timestamp() for time in times):
        return False
    mailed.times, mailed.last_at = [*times, now.timestamp()], now
    mailed.save()
    return True


def summarise_for_staff(enquiry: Enquiry, now: datetime) -> None:
    """See to it that staff get a summary that covers this enquiry: the first at once, and then one an hour."""
    # Locked, so that of many requests at once only one adds it.
    DeskSettings.objects.select_for_update().first()
    kind = MessageType.STAFF_SUMMARY
    latest = Message.objects.filter(kind=kind, not_before__lte=now + HOUR).order_by("not_before").last()
    if latest and latest.sent_at is None:
        return
    at = max(now, latest.not_before + HOUR) if latest else now
    Message.objects.create(enquiry=enquiry, kind=kind, recipient=staff_address(), created_at=at, not_before=at)

"""Enquiries, what happens to them, and the page around the form."""

from contact.models.enquiry import Enquiry
from contact.models.entry import Entry, ReplyText
from contact.models.event import EnquiryEvent
from contact.models.message import DeliveryAttempt, Message
from contact.models.monitoring import Alarm, Job, SyntheticCheck
from contact.models.page import ContactPage
from contact.models.privacy import PrivacyNotice, PurgeRun, Tally
from contact.models.screening import MailedReceipts, SpamFeature
from contact.models.settings import DeskSettings, RedFlag
from contact.models.share import Share

__all__ = [
    "Alarm",
    "ContactPage",
    "DeliveryAttempt",
    "DeskSettings",
    "Enquiry",
    "EnquiryEvent",
    "Entry",
    "Job",
    "MailedReceipts",
    "Message",
    "PrivacyNotice",
    "PurgeRun",
    "RedFlag",
    "ReplyText",
    "Share",
    "SpamFeature",
    "SyntheticCheck",
    "Tally",
]

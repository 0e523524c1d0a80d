"""Enquiries, what happens to them, and the page around the form."""

from contact.models.enquiry import Enquiry, SpamFeature
from contact.models.entry import Entry, ReplyText
from contact.models.event import EnquiryEvent
from contact.models.message import DeliveryAttempt, Message
from contact.models.monitoring import Alarm, Job, SyntheticCheck
from contact.models.page import ContactPage
from contact.models.privacy import PrivacyNotice, PurgeRun, Tally
from contact.models.settings import DeskSettings, RedFlag
from contact.models.share import Share

"""Enquiries, their outgoing messages, and the page around the form."""

from contact.models.enquiry import Enquiry
from contact.models.message import DeliveryAttempt, Message
from contact.models.page import ContactPage

__all__ = ["ContactPage", "DeliveryAttempt", "Enquiry", "Message"]

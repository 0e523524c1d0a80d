"""What mail servers send back: reports of failed deliveries, as RFC 3464 shows them."""

from email.message import EmailMessage

SAID = "smtp; 550 5.1.1 No such user here"


def report(message_id: str, action: str = "failed", *, whole: bool = False) -> bytes:
    """Return a mail server's report, as RFC 3464 shows them; `whole`: with the mail itself and not only its head."""
    mail = EmailMessage()
    mail["From"] = "MAILER-DAEMON@mx.example.org"
    mail["To"] = "clinic@example.org"
    mail["Subject"] = "Undelivered Mail Returned to Sender"
    mail.set_content("This is the mail system.")
    mail.make_mixed()
    status = EmailMessage()
    status["Content-Type"] = "message/delivery-status"
    status.set_payload(
        [_fields("Reporting-MTA: dns; mx.example.org"), _fields(f"Action: {action}\nDiagnostic-Code: {SAID}")]
    )
    mail.attach(status)
    original = EmailMessage()
    if whole:
        sent = EmailMessage()
        sent["Message-ID"] = message_id
        sent.set_content("We have your enquiry.")
        original["Content-Type"] = "message/rfc822"
        original.set_payload([sent])
    else:
        original["Content-Type"] = "text/rfc822-headers"
        original.set_payload(f"Message-ID: {message_id}\nSubject: Your enquiry\n")
    mail.attach(original)
    mail.replace_header("Content-Type", 'multipart/report; report-type="delivery-status"; boundary="=-=-="')
    return mail.as_bytes()


def _fields(lines: str) -> EmailMessage:
    part = EmailMessage()
    for line in lines.splitlines():
        name, _colon, value = line.partition(": ")
        part[name] = value
    return part

"""The error page for when the templates themselves are broken: it needs only `plain_error.html` beside it.

That is why its colours are repeated there instead of coming from tokens.css, and why it has a policy of its own.
"""

import base64
import hashlib
from pathlib import Path
from string import Template

from django.utils.html import escape

from clinic.lib.telephone import phone_address, phone_links
from clinic.models import ClinicDetails

# Not a template of Django's: those may be what is broken. `$name` and the like are filled in below.
_PAGE = Template(Path(__file__).with_name("plain_error.html").read_text(encoding="utf-8"))
_STYLE = _PAGE.template.partition("<style>")[2].partition("</style>")[0]
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def plain_error_page(contact: ClinicDetails) -> str:
    """Return the page as HTML, with the last known phone number."""
    call = f'<p><a class="call" href="{phone_address(contact.phone)}">Call {escape(contact.phone)}</a></p>'
    return _PAGE.substitute(
        name=escape(contact.name),
        call=call if contact.phone else "",
        emergency=phone_links(contact.emergency_wording),
    )

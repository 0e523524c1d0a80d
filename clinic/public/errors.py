"""The error page of last resort, for when the templates are what is broken: it needs nothing but this file.

That is why its colours stand here and not in tokens.css alone, and why it brings its own policy.
"""

from __future__ import annotations

import base64
import hashlib
from string import Template
from typing import TYPE_CHECKING

from django.utils.html import escape

from clinic.lib.telephone import phone_address, phone_links

if TYPE_CHECKING:
    from clinic.public.contact_fallback import ClinicContact

# Seconds after which it is worth while to ask again.
RETRY_AFTER = "300"

_STYLE = """:root{color-scheme:light dark;--page:#fbfaf7;--text:#14252b;--soft:#44565d;--heading:#0f4c46;\
--far:#cfdcd8;--mid:#86a9a1;--deep:#0a332f;--sun:#f3cf96}\
@media (prefers-color-scheme:dark){:root{--page:#0d191c;--text:#e6eeeb;--soft:#a9bcba;--heading:#cbe6dc;\
--far:#16302f;--mid:#122b29;--deep:#071f1d;--sun:#3a5658}}\
body{display:flex;flex-direction:column;min-height:100vh;margin:0;background:var(--page);color:var(--text);\
font:1.125rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}\
main,footer p{box-sizing:border-box;width:100%;max-width:46rem;margin:auto;padding:1rem 5vw 2rem}\
h1,.name{margin:0;color:var(--heading);text-wrap:balance;\
font:700 clamp(2.125rem,1.6rem + 2.3vw,3.375rem)/1.15 Palatino,P052,Georgia,serif}\
.name{font-size:1.25rem;margin-bottom:2.5rem}p{margin:1.25rem 0 0}a{color:inherit}\
.call{display:inline-block;min-height:1.75rem;padding:.5rem 1.375rem;border-radius:6px;background:#a61e63;color:#fff;\
font-weight:650;text-decoration:none}:focus-visible{outline:3px solid currentcolor;outline-offset:3px}\
svg{display:block;width:100%;height:clamp(6rem,16vw,14rem)}.sun{fill:var(--sun)}.far{fill:var(--far)}.mid{fill:var(--mid)}\
.near{fill:var(--deep)}footer{background:var(--deep);color:#fbfaf7}"""

_PAGE = Template("""<!doctype html>
<html lang="en-CA">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Something went wrong – $name</title>
<style>$style</style>
<body>
<main>
<p class="name">$name</p>
<h1>Something went wrong on our side</h1>
<p>This is our fault, not yours. Please try again in a few minutes. If it cannot wait, call the clinic.</p>
$call
<p><a href="/">Go to the home page</a></p>
</main>
<svg viewBox="0 0 1440 180" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
<circle class="sun" cx="1040" cy="46" r="27"/>
<path class="far" d="M0 90C120 86 200 84 280 68S420 72 520 76s180 8 270-4 170-28
 250-24 150 40 230 36 120-10 170-16V180H0z"/>
<path class="mid" d="M0 112q70-14 160 2t230-2 260-4 220 2 240-12 170 2 160-2V180H0z"/>
<path class="near" d="M0 152q120 8 240 2t300-4 300 6 300-2 300 0V181H0z"/>
</svg>
<footer><p>$emergency</p></footer>
</body>
</html>
""")

_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def plain_error_page(contact: ClinicContact) -> str:
    """Return the whole page, with the number that was known last."""
    call = f'<p><a class="call" href="{phone_address(contact.phone)}">Call {escape(contact.phone)}</a></p>'
    return _PAGE.substitute(
        style=_STYLE,
        name=escape(contact.name),
        call=call if contact.phone else "",
        emergency=phone_links(contact.emergency_wording),
    )

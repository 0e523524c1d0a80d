"""What search engines and messengers show of a page: title, description, address, picture.

What an editor wrote for them is used unchanged; what is derived from the page's other fields is short enough not to be
cut off. No title or description is empty. Addresses begin with `SITE_URL`, whatever host the request named.
"""

from textwrap import shorten
from typing import Any

from django.conf import settings

from clinic.images.share_pictures import share_picture
from clinic.models import BasePage

# Characters: about as many as result lists show on one line, and on two.
LONGEST_TITLE = 60
LONGEST_DESCRIPTION = 160


def page_meta(page: BasePage, clinic_name: str) -> dict[str, Any]:
    picture = share_picture(page, clinic_name)
    return {
        "title": title(page.title_for_search, clinic_name),
        "description": description(page, clinic_name),
        "address": absolute(page.url or ""),
        "share_title": page.title_for_sharing,
        "picture": picture and picture._replace(url=absolute(picture.url)),
    }


def absolute(address: str) -> str:
    """Return the public form of an address on this site."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def title(own: str, clinic_name: str) -> str:
    """Return “Tennis elbow – Fireweed Physiotherapy”, or only the page's own title where both would be cut off."""
    if not own or clinic_name in own:
        return own or clinic_name
    whole = f"{own} – {clinic_name}"
    return whole if len(whole) <= LONGEST_TITLE else own


def description(page: BasePage, clinic_name: str) -> str:
    """Return the search description, else the introduction, else title and clinic."""
    if page.search_description:
        return str(page.search_description)
    made = shorten(page.introduction, LONGEST_DESCRIPTION, placeholder=" …")
    return made or f"{page.title}: {clinic_name}"

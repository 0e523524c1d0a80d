"""Where a page's share picture is: an address that changes when the picture would look different."""

from __future__ import annotations

import json
from hashlib import blake2s
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from clinic.models import BasePage

# Counted up when `card.py` draws differently, so that messengers fetch the pictures anew.
DRAWING = 1


def picture_address(page: BasePage, clinic_name: str) -> str:
    """Return the address on this site; empty for a page that is not kept yet. Asks the database nothing."""
    return reverse("share_picture", args=[page.pk, look_of(page, clinic_name)]) if page.pk else ""


def look_of(page: BasePage, clinic_name: str) -> str:
    """Return a short name for everything that shows in the picture."""
    shown = [DRAWING, clinic_name, page.title_for_sharing, page.share_image_id, page.lead_image_id]
    return blake2s(json.dumps(shown).encode(), digest_size=6).hexdigest()

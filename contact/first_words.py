"""What a new desk begins with: warning signs and ready-made replies. Managers change both afterwards.

The warning signs follow the clinical list in docs/staff.md; a physiotherapist reviews them before the site goes live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.apps.registry import Apps

RED_FLAGS: dict[str, tuple[str, ...]] = {
    "Trouble breathing": ("can't breathe", "cannot breathe", "short of breath", "breathless", "trouble breathing"),
    "Chest pain": ("chest pain", "pain in my chest", "tight chest"),
    "Numb between the legs": ("numb between", "saddle", "numb groin", "numb genitals"),
    "Bladder or bowel control": ("can't pee", "cannot pee", "wet myself", "incontinent", "lost control of my bladder"),
    "Stroke": ("face drooping", "slurred speech", "one side of my body", "stroke"),
}

CALL = """Hello {name},

thank you for writing to us. We will phone you at the time you chose.

{me}
{clinic}, {phone}"""

REPLY_TEXTS: dict[str, str] = {"We will phone you": CALL}


def add_first_words(apps: Apps, _schema_editor: Any) -> None:
    for name, words in RED_FLAGS.items():
        apps.get_model("contact", "RedFlag").objects.get_or_create(name=name, defaults={"words": "\n".join(words)})
    for order, (title, body) in enumerate(REPLY_TEXTS.items()):
        defaults = {"body": body, "sort_order": order}
        apps.get_model("contact", "ReplyText").objects.get_or_create(title=title, defaults=defaults)

"""E-mail addresses as people type and paste them: what was meant, what is wrong, and likely typing errors."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from rapidfuzz.distance import OSA

from clinic.lib.characters import APOSTROPHES, clean_line

_DOMAINS = tomllib.loads(Path(__file__).with_name("email_domains.toml").read_text(encoding="utf-8"))
KNOWN_DOMAINS: list[str] = _DOMAINS["known"]
NEIGHBOURS = frozenset(_DOMAINS["similar"])
_WRONG_ENDINGS: dict[str, str] = _DOMAINS["endings"]
_ENDINGS_ABROAD: dict[str, str] = _DOMAINS["abroad"]
_SPECIAL_CASES: dict[str, str] = _DOMAINS["meant"]
GMAIL = ("gmail.com", "googlemail.com")
# One letter of a name may be wrong, and in a name of this length or longer two.
_LONG_NAME = 8
# https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1
LONGEST_LOCAL_PART = 64
# Django allows `localhost` unless it is given another list.
_validate = EmailValidator(allowlist=[])
# `Jane <…>`, `Jane (…)` and Markdown’s `[…](mailto:…)`; a label or `mailto:` before; a note or `?subject=` after.
_IN_BRACKETS = re.compile(r"(?:[^<>]*<|\[[^<>()]*\]\(|[^<>()@]*\()([^<>()@\s]+@[^<>()@\s]+)[>)][\s.,;:]*")
_BEFORE = re.compile(r"\A\s*(?:(?:e-?mail|courriel) ?:|mailto:/*)", re.IGNORECASE)
_NOTE_AFTER = re.compile(r"(?<=\S) \([^()@]*\)$")
# Quotation marks and brackets around an address, and the punctuation of the sentence that it was copied from.
_AROUND = "\"'“”„‘’«»‹›⟨⟩()[]{}<>`*| "
_AFTER = _AROUND + ".,;:!?/\\"


def clean_address(typed: str) -> str:
    """Return the address without what copying adds: `mailto:`, `Jane <…>`, quotation marks, a final dot."""
    text = clean_line(unquote(typed)).replace("。", ".")
    text = found[1] if (found := _IN_BRACKETS.fullmatch(text)) else text
    name, at, domain = _NOTE_AFTER.sub("", _BEFORE.sub("", text)).rpartition("@")
    text = name + at + domain.partition("?")[0]
    return re.sub(f"[{APOSTROPHES}]", "'", text.lstrip(_AROUND).rstrip(_AFTER))


def fault_in_address(address: str) -> str:
    """Return what is wrong with an address that `clean_address` returned, as a sentence; empty for a good one."""
    local, _at, domain = address.rpartition("@")
    if len(re.findall(r"[^\s@,;/|]@[^\s@,;/|]+", address)) > 1:
        return "Enter one e-mail address. You can put another one in your message."
    if "@" not in address:
        return "Your e-mail address needs an @ sign, as in name@example.com."
    if " " in address:
        return "An e-mail address has no spaces. It should look like name@example.com."
    if not local.isascii():
        return "An e-mail address has no accents or other special letters before the @."
    try:
        _validate(address)
        domain.encode("idna")
        is_good = len(local) <= LONGEST_LOCAL_PART and '"' not in local and domain[-1:] not in "]0123456789"
    except (ValidationError, UnicodeError):
        is_good = False
    return "" if is_good else "Enter an e-mail address like name@example.com."


def same_mailbox(address: str) -> str:
    """Return what is the same for all spellings of one mailbox: capitals, a `+tag` and Gmail's dots do not count."""
    local, _at, domain = address.casefold().rpartition("@")
    name = local.partition("+")[0] or local
    if domain in GMAIL:
        name, domain = name.replace(".", ""), GMAIL[0]
    return f"{name}@{domain}"


def suggested_address(email: str) -> str:
    """Return the address with the well-known domain that was probably meant; empty when the typed one may be right."""
    name, _at, typed = email.rpartition("@")
    domain = typed.strip().casefold()
    if not domain or domain in KNOWN_DOMAINS or domain in NEIGHBOURS:
        return ""
    corrected = _with_corrected_ending(domain)
    is_ending_wrong = domain.rpartition(".")[2] in _WRONG_ENDINGS and "." in corrected
    meant = corrected if corrected in KNOWN_DOMAINS else _nearest(corrected) or (corrected if is_ending_wrong else "")
    return f"{name.strip()}@{meant}" if meant else ""


def _with_corrected_ending(domain: str) -> str:
    """Return the domain with a corrected ending: `gmail.con`, `gmail,com`, `gmailcom`, `gmail..com`, `gmail`."""
    parts = list(dict.fromkeys(part for part in re.split("[.,;:]", domain) if part))
    if not parts:
        return ""
    if len(parts) == 1:
        whole = parts[0]
        together = (known for known in KNOWN_DOMAINS if whole in {known.replace(".", ""), known.partition(".")[0]})
        return next(together, whole)
    ending = parts[-1]
    corrected = ".".join([*parts[:-1], _WRONG_ENDINGS.get(ending) or _ENDINGS_ABROAD.get(ending, ending)])
    return _SPECIAL_CASES.get(corrected, corrected)


def _nearest(domain: str) -> str:
    """Return the known domain that this one is a typing error of; its ending must be the same."""
    name, _, ending = domain.partition(".")
    for known in KNOWN_DOMAINS:
        known_name, _, known_ending = known.partition(".")
        most = 2 if len(known_name) >= _LONG_NAME else 1
        short = len(known_name) < 5  # noqa: PLR2004  `me`, `msn`, `live` and `shaw` are similar to many other names
        if ending == known_ending and not short and OSA.distance(name, known_name, score_cutoff=most) <= most:
            return known
    return ""

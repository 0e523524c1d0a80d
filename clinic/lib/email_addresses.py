"""Typing errors in e-mail domains: what was probably meant. The address itself is kept as it was typed."""

from __future__ import annotations

# The order is part of the receipts' addresses: only ever add at the end.
KNOWN_DOMAINS = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "northwestel.net", "yahoo.ca", "hotmail.ca",
    "live.ca", "live.com", "msn.com", "me.com", "telus.net", "shaw.ca", "sympatico.ca", "rogers.com", "yukon.ca",
    "protonmail.com", "klondiker.com", "outlook.ca", "googlemail.com", "proton.me",
)  # fmt: skip

# Real ones that look like a typing error of one above.
NEIGHBOURS = frozenset({
    "mail.com", "email.com", "ymail.com", "gmx.com", "aol.com", "mac.com", "pm.me", "bell.net", "bell.ca", "yahoo.fr",
    "yahoo.com.au", "yahoo.co.uk", "hotmail.fr", "hotmail.co.uk", "live.fr", "live.co.uk", "outlook.fr", "hotmail.de",
    "mail.ca", "fmail.com", "yahoo.de", "hey.com", "zoho.com", "uol.com", "gmx.net", "gmx.de", "yukonu.ca", "xmail.com",
    "yahoo.es", "yahoo.it", "hotmail.es", "hotmail.it", "outlook.de", "outlook.es", "rocketmail.com", "like.com",
    "love.com", "line.com", "five.com", "life.com", "life.ca", "yukon.com", "shaw.com", "rogers.ca", "telus.com",
})  # fmt: skip
# Endings that fingers make of the known ones; .co and .cm are countries', and mail there is another's.
_SLIPS = {
    "con": "com", "cmo": "com", "ocm": "com", "om": "com", "vom": "com", "xom": "com", "comm": "com", "coml": "com",
    "cim": "com", "cpm": "com", "co": "com", "cm": "com", "c": "com", "met": "net", "nte": "net", "ent": "net",
    "ney": "net", "ne": "net", "ac": "ca", "cs": "ca",
}  # fmt: skip
_TOO_FAR_TO_BE_SEEN = {"icould.com": "icloud.com"}
# So many letters of a name may be wrong: one, and in a long name two.
_LONG_NAME = 8


def suggested_domain(email: str) -> str:
    """Return the well-known domain that was probably meant, or nothing when the typed one may well be right."""
    typed = email.rpartition("@")[2].strip().casefold()
    if not typed or typed in KNOWN_DOMAINS or typed in NEIGHBOURS:
        return ""
    mended = _mended(typed)
    return next((known for known in KNOWN_DOMAINS if known == mended), "") or _nearest(mended)


def suggested_address(email: str) -> str:
    """Return the address with the domain that was probably meant, or nothing."""
    domain = suggested_domain(email)
    return f"{email.rpartition('@')[0].strip()}@{domain}" if domain else ""


def _mended(domain: str) -> str:
    """Return the domain with its ending put right: `gmail.con`, `gmail,com`, `gmailcom`, `gmail..com`, `gmail`."""
    parts = [part for part in domain.replace(",", ".").split(".") if part]
    if len(parts) == 1:
        whole = parts[0]
        together = (known for known in KNOWN_DOMAINS if whole in {known.replace(".", ""), known.partition(".")[0]})
        return next(together, whole)
    mended = ".".join([*parts[:-1], _SLIPS.get(parts[-1], parts[-1])])
    return _TOO_FAR_TO_BE_SEEN.get(mended, mended)


def _nearest(domain: str) -> str:
    """Return the known domain of which this one is a slip of the fingers; its ending must be the same."""
    name, _, ending = domain.partition(".")
    for known in KNOWN_DOMAINS:
        known_name, _, known_ending = known.partition(".")
        most = 2 if len(known_name) >= _LONG_NAME else 1
        short = len(known_name) < 5  # noqa: PLR2004  of `me`, `msn`, `live` or `shaw` everything is a neighbour
        if ending == known_ending and not short and _distance(name, known_name) <= most:
            return known
    return ""


def _distance(left: str, right: str) -> int:
    """Return how many letters are wrong, missing, too many or swapped with the next one (Damerau-Levenshtein)."""
    rows = [list(range(len(right) + 1))]
    for i, sign in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == right[j - 2] and left[i - 2] == other:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]

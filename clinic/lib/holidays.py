"""Yukon's statutory holidays."""

from datetime import date
from functools import cache

# Where the package's name differs from the Employment Standards Act, or has a straight apostrophe.
NAMES = {
    "New Year's Day": "New Year’s Day",
    "National Aboriginal Day": "National Indigenous Peoples Day",
    "Labor Day": "Labour Day",
    "Thanksgiving Day": "Thanksgiving",
}


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Return the year's holidays by date, including those on a weekend. The dictionary is shared: do not change it."""
    # Imported when first needed: the package loads every country, which takes 19 MB and most commands never need.
    from holidays import country_holidays  # noqa: PLC0415  see above

    found = country_holidays("CA", subdiv="YT", years=year, observed=False)
    return {day: NAMES.get(name, name) for day, name in found.items()}

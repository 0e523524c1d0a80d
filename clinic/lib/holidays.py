"""Yukon's statutory holidays, by the package `holidays`."""

from __future__ import annotations

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from holidays.countries.canada import Canada


# Where the package has another name than the Employment Standards Act, or a typewriter's apostrophe.
NAMES = {
    "New Year's Day": "New Year’s Day",
    "National Aboriginal Day": "National Indigenous Peoples Day",
    "Labor Day": "Labour Day",
    "Thanksgiving Day": "Thanksgiving",
}


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Return the holidays of a year and their names, each on its own day, weekends included. Shared, to be read."""
    found = _canada()(subdiv="YT", years=year, observed=False)
    return {day: NAMES.get(name, name) for day, name in found.items()}


@cache
def _canada() -> type[Canada]:
    """Return the package's class for Canada, and import it only where somebody asks when we are open."""
    import holidays  # noqa: PLC0415 - see above

    # Its one file: the package's door to it imports 250 other countries, which take 9 MB of each process.
    file = Path(holidays.__file__).with_name("countries") / "canada.py"
    spec = spec_from_file_location("holidays_of_canada", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"There is no {file}.")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    canada: type[Canada] = module.Canada
    return canada

"""Yukon's statutory holidays, by the package `holidays`."""

from __future__ import annotations

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from holidays.countries.canada import Canada


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Return the holidays of a year and what the package calls them, each on its own day, weekends included."""
    return dict(_canada()(subdiv="YT", years=year, observed=False))


@cache
def _canada() -> type[Canada]:
    """Return the package's class for Canada, and import it only where somebody asks by when we answer."""
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

"""On which days England and Wales are closed."""

import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import holidays

# `holidays.countries` imports its 280 countries at once: 10 MB in each process for one of them. A package that imports
# nothing by itself, in the same place, lets each country still be found by its name.
if "holidays.countries" not in sys.modules:
    _countries = ModuleType("holidays.countries")
    _countries.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules["holidays.countries"] = _countries

_BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")  # England and Wales share them


def is_bank_holiday(day: date) -> bool:
    """Return whether the day is a bank holiday in England and Wales."""
    return day in _BANK_HOLIDAYS

"""Telephone numbers for emergencies, thoughts of suicide and poisoning, which differ by country.

They are settings of the site (``docs/operators/settings.md``), read here and nowhere else. What is said
around them is in templates and translated by language. Defaults: the United States; 911, the 988 Suicide &
Crisis Lifeline (988lifeline.org) and Poison Help (poisonhelp.hrsa.gov).
"""

import re
from dataclasses import dataclass

from django.conf import settings

#: A number of the North American plan with its country code, as people write it there: 1-800-222-1222.
_NORTH_AMERICAN = re.compile(r"1\d{10}")

#: Of North America, the European Union, the United Kingdom, and Australia. Not those that elsewhere reach a
#: line for advice, as 111 does in the United Kingdom.
_EMERGENCY_NUMBERS = ("911", "112", "999", "000")


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A telephone line: its number as people read it, and its name (empty for the emergency number)."""

    number: str
    name: str = ""

    @property
    def address(self) -> str:
        """The address of a link that calls it."""
        digits = re.sub(r"\D", "", self.number)
        international = self.number.startswith("+") or _NORTH_AMERICAN.fullmatch(digits)
        return f"tel:{'+' if international else ''}{digits}"

    def as_record(self) -> dict[str, str]:
        """Return plain data for the API."""
        return {"number": self.number, "name": self.name}


def emergency_line() -> HelpLine:
    """Return the number for emergencies: ``EMERGENCY_NUMBER``."""
    return HelpLine(settings.EMERGENCY_NUMBER)


def emergency_numbers() -> tuple[str, ...]:
    """Return the numbers for emergencies that a text may name: this site's, then those of other countries."""
    own = emergency_line().number
    return (own, *(number for number in _EMERGENCY_NUMBERS if number != own))


def suicide_line() -> HelpLine:
    """Return the line for people who think of suicide: ``SUICIDE_LINE`` and ``SUICIDE_LINE_NAME``."""
    return HelpLine(settings.SUICIDE_LINE, settings.SUICIDE_LINE_NAME)


def poison_line() -> HelpLine:
    """Return the line for poisoning and overdoses: ``POISON_LINE`` and ``POISON_LINE_NAME``."""
    return HelpLine(settings.POISON_LINE, settings.POISON_LINE_NAME)

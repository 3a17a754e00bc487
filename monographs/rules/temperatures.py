"""Temperatures in a text, and whether two of them are the same one in two units."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = r"\d{1,3}(?:\.\d+)?"
_UNIT = r"\s?(?:°|º|degrees)\s?(?P<unit@>[FC])(?:ahrenheit|elsius)?\b"
_ONE = rf"(?:(?P<low@>{_NUMBER})(?:\s?°\s?[FC]?)?\s?(?:to|and|[-–])\s?)?(?P<high@>{_NUMBER}){_UNIT}"
#: A temperature or a range of them.
_SINGLE = re.compile(_ONE.replace("@", ""))
#: The same in the other unit beside it: 100.4°F (38°C), 36°F to 46°F / 2°C to 8°C.
_PAIR = re.compile(_ONE.replace("@", "1") + r"\s?(?:\(|/|,?\s?or\s)\s?(?:about\s)?" + _ONE.replace("@", "2"))
#: Degrees Fahrenheit of a person's body: there a tenth matters.
BODY = (98.6, 107.6)
#: Degrees Fahrenheit by which two units may differ by rounding: of a body, and elsewhere.
BODY_ROUNDING, ROUNDING = 0.25, 1.4


@dataclass(frozen=True, slots=True)
class UnitPair:
    """A temperature written in two units: its words, where they begin, and whether they agree."""

    words: str
    start: int
    agrees: bool


def unit_pairs(text: str) -> Iterator[UnitPair]:
    """Yield each temperature that is written in both units, one beside the other."""
    for match in _PAIR.finditer(text):
        if match["unit1"] == match["unit2"]:
            continue
        ends = [("high1", "high2")]
        if match["low1"] and match["low2"]:
            ends.append(("low1", "low2"))
        agrees = all(
            same(fahrenheit(match[a], match["unit1"]), fahrenheit(match[b], match["unit2"])) for a, b in ends
        )
        yield UnitPair(match[0], match.start(), agrees)


def body_temperatures(text: str) -> dict[float, re.Match[str]]:
    """Return the temperatures of a body in ``text``, in degrees Fahrenheit, each once."""
    found: dict[float, re.Match[str]] = {}
    for match in _SINGLE.finditer(text):
        value = fahrenheit(match["high"], match["unit"])
        if not match["low"] and BODY[0] < value < BODY[1] and not any(same(value, each) for each in found):
            found[value] = match
    return found


def fahrenheit(number: str, unit: str) -> float:
    """Return a temperature in degrees Fahrenheit."""
    return float(number) if unit == "F" else float(number) * 9 / 5 + 32


def same(one: float, other: float) -> bool:
    """Whether two temperatures in degrees Fahrenheit are one, but for rounding."""
    of_a_body = all(BODY[0] <= each <= BODY[1] for each in (one, other))
    return abs(one - other) <= (BODY_ROUNDING if of_a_body else ROUNDING)

"""The telephone lines that a site shows."""

from typing import Any

import pytest

from monographs.core.help_lines import HelpLine, emergency_line, poison_line, suicide_line


def test_the_defaults_are_those_of_the_united_states() -> None:
    assert emergency_line() == HelpLine("911")
    assert suicide_line() == HelpLine("988", "988 Suicide & Crisis Lifeline")
    assert poison_line() == HelpLine("1-800-222-1222", "Poison Help line")


def test_a_site_sets_its_own_numbers(settings: Any) -> None:
    settings.EMERGENCY_NUMBER, settings.SUICIDE_LINE = "112", "116 123"
    assert emergency_line().number == "112"
    assert suicide_line().number == "116 123"


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("911", "tel:911"),
        ("1-800-222-1222", "tel:+18002221222"),
        ("+49 30 19240", "tel:+493019240"),
        ("116 123", "tel:116123"),
    ],
)
def test_a_number_can_be_called(number: str, address: str) -> None:
    assert HelpLine(number).address == address

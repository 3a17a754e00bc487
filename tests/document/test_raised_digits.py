"""Digits above and below the line keep their place where rich text becomes plain."""

import pytest

from monographs.document.html import plain_text
from monographs.document.table_text import cell_text
from monographs.public.search.text import other_spellings


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>2 × 10<sup>8</sup> cells</p>", "2 × 10⁸ cells"),
        ("<p>10<sup>-3</sup></p>", "10⁻³"),
        ("<p>10<sup>\u22123</sup></p>", "10⁻³"),
        ("<p>10<sup><strong>9</strong></sup></p>", "10⁹"),
        ("<p>H<sub>2</sub>O</p>", "H₂O"),
        ("<p>vitamin B<sub>12</sub></p>", "vitamin B₁₂"),
        ("<p>10<sup>2.5</sup></p>", "10^2.5"),
        ("<p>10<sup>8 or 9</sup></p>", "10^(8 or 9)"),
        ("<p>the 1<sup>st</sup> day</p>", "the 1st day"),
        ("<p>5 mg/m<sup>2</sup></p><p>a</p>", "5 mg/m² a"),
    ],
)
def test_raised_and_lowered_digits_are_those_of_unicode(html: str, text: str) -> None:
    assert plain_text(html) == text
    assert cell_text(html) == text


@pytest.mark.parametrize(
    ("text", "typed"),
    [("2 × 10⁸ cells", "10^8"), ("H₂O", "H2O"), ("10⁻³", "10^-3"), ("5 mg/m²", "m^2"), ("no digit", "")],
)
def test_searches_know_what_people_type(text: str, typed: str) -> None:
    assert other_spellings(text) == typed

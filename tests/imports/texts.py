"""Texts in the customer's format, and the words that patients would read."""

from pathlib import Path

from monographs.document.html import plain_text
from monographs.document.models import MonographDocument
from monographs.document.parts import Effects, Table, Text
from monographs.document.sections import Section
from monographs.document.table_text import table_texts

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "blinatumomab.txt"

TESTUMAB = """\
[logo] Example Foundation
more_vert
person Sign In / Create Account
testumab (Testivo)
Example antibodies
Administration: IV infusion

How it is administered

A nurse gives testumab through a drip.
It takes about
one hour.

How it works

Testumab finds sick cells.

It marks them for the body.

Common side effects

Many people notice:

  • Tiredness
  • Cold hands

Serious side effects can be a very high fever.

Who Should take it

Grown-ups with example disease who:

  - have tried other care
  - feel well enough

Who should not take it

People who cannot have testumab.

Commonly used with

It goes along with samplomycin.

Commonly tested with

It was tried with demozide.

All Example resources available anywhere, anytime
Download our App
iphone app mockup
"""


def seed() -> str:
    """The customer's page."""
    return SEED.read_text(encoding="utf-8")


def texts_in_the_customers_format() -> list[str]:
    """The text above, and the customer's page where it is beside the project."""
    return [TESTUMAB, seed()] if SEED.exists() else [TESTUMAB]


def words_of(section: Section) -> list[str]:
    """The words that patients read in a section, in order, without its headings."""
    words: list[str] = []
    for part in section.parts:
        if isinstance(part, Text):
            words += plain_text(part.html).split()
        elif isinstance(part, Effects):
            words += plain_text(part.html).split()
            words += [word for item in part.items for word in item.name.split()]
        elif isinstance(part, Table):
            words += [word for text in table_texts(part) for word in text.split()]
    return words


def sections_of(document: MonographDocument) -> dict[str, list[str]]:
    """The words of each section by its type."""
    return {section.type.value: words_of(section) for section in document.sections}

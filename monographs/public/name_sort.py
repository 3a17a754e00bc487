"""Compare and sort names regardless of case, accents and punctuation."""

import string

from monographs.core.medicine_names import name_key

#: The group of names that do not begin with a letter from A to Z.
OTHER = "0-9"
LETTERS: tuple[str, ...] = (*string.ascii_uppercase, OTHER)


def normalise(text: str) -> str:
    """Return the letters and digits of ``text`` in lower case without accents, for comparing and sorting."""
    return name_key(text)


def initial(name: str) -> str:
    """Return the letter under which ``name`` is listed: A to Z, or ``OTHER``."""
    first = normalise(name)[:1].upper()
    return first if first in string.ascii_uppercase and first else OTHER

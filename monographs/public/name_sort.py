"""Compare and sort names regardless of case, accents and punctuation."""

import string
import unicodedata

#: The group of names that do not begin with a letter from A to Z.
OTHER = "0-9"
LETTERS: tuple[str, ...] = (*string.ascii_uppercase, OTHER)


def normalise(text: str) -> str:
    """Return the letters and digits of ``text`` in lower case without accents, for comparing and sorting."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def initial(name: str) -> str:
    """Return the letter under which ``name`` is listed: A to Z, or ``OTHER``."""
    first = normalise(name)[:1].upper()
    return first if first in string.ascii_uppercase and first else OTHER

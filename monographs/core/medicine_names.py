"""Names of medicines: how they are written, and when two of them are the same name.

One rule for the search, imports, new pages, copies and duplicates. Two names are the same if they differ
only in case, accents, spaces, punctuation, or characters that look like others (a no-break hyphen, a
ligature, a soft hyphen, a Cyrillic letter). Every letter and digit counts: a salt, an isotope, a formulation
or a biosimilar's suffix makes another name.
"""

import re
import unicodedata

_MARKS = re.compile(r"[®™℠©]|\((?:r|tm|sm)\)", re.IGNORECASE)
_HYPHENS = re.compile(r"[\u2010-\u2012\u2212\ufe58\ufe63\uff0d\u00ad](?=\S)")
_DASH_IN_WORD = re.compile(r"(?<=\w)[\u2013\u2014\u2015](?=\w)")
#: Letters without a decomposition, as people type them who do not have them.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
#: Cyrillic letters and the Greek omicron that look like Latin letters, in lower case.
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u03bf", "aeopcyxijsdhlo"
)
_LATIN = re.compile(r"[a-z]")


def name_key(name: str) -> str:
    """Return what is compared of a name: its letters and digits, in lower case without accents."""
    plain = unicodedata.normalize("NFKD", _MARKS.sub("", name)).casefold().translate(_PLAIN)
    if _LATIN.search(plain):
        plain = plain.translate(_LOOK_ALIKES)
    return "".join(c for c in plain if c.isalnum())


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same; an empty name is the same as no other."""
    return bool(name_key(one)) and name_key(one) == name_key(other)


def clean_name(name: str) -> str:
    """Return a name without characters that nobody sees or means: as it would be typed on a keyboard.

    Hyphens of all kinds become “-”, ligatures and full-width characters plain ones, exotic spaces a space;
    invisible characters are removed. Superscripts and other letters stay as they are.
    """
    hyphenated = _DASH_IN_WORD.sub("-", _HYPHENS.sub(lambda m: "" if m[0] == "\u00ad" else "-", name))
    letters = (_plain_character(c) for c in unicodedata.normalize("NFC", hyphenated))
    return " ".join("".join(letters).split())


def _plain_character(character: str) -> str:
    if unicodedata.category(character) in {"Cf", "Cc"}:
        return " " if character.isspace() else ""
    if unicodedata.decomposition(character).startswith(("<compat>", "<wide>", "<narrow>", "<noBreak>")):
        return unicodedata.normalize("NFKC", character)
    return character

"""The grammar of what patients read about a signer: names, abbreviations of credentials, fields of work.

Each function returns what is wrong and how to fix it, or an empty text. A grammar keeps sentences, numbers
and invisible characters out; that a name is somebody's is for the second person to say who confirms it.
"""

import re
import unicodedata

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from monographs.core.visible_text import visible

#: Characters of a first or a last name, and words in it. *María de los Ángeles* has four.
NAME_LENGTH, NAME_WORDS = 50, 4
#: Characters of an abbreviation, e.g. *Pharm.D.*, and of a field of work; words of the latter.
ABBREVIATION_LENGTH, FIELD_LENGTH, FIELD_WORDS = 16, 60, 6
#: Marks on one letter. Vietnamese has two, vocalised Hebrew and Arabic three.
MARKS = 3
#: Words of names that are written small.
PARTICLES = frozenset(
    "af al ap auf av aw ben bin bint binti d da dal das de degli dei del dela della delle den der des di "
    "do dos du e el i ibn in la las le les los lo op san t te ten ter und van ve vom von y zu zum zur".split()
)
APOSTROPHES = "'’\u02bc"
#: Scripts whose letters look alike, so that one word has letters of only one of them.
_ALIKE = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")


def name_error(text: str) -> str:
    """What is wrong with a first or last name; empty if nothing is."""
    return _characters_error(text, f" -.{APOSTROPHES}", "a name") or _name_words_error(text)


def abbreviation_error(text: str) -> str:
    """What is wrong with the abbreviation of a credential, such as *PharmD*; empty if nothing is."""
    if error := _characters_error(text, ".-", "the abbreviation of a credential"):
        return error
    if len(text) > ABBREVIATION_LENGTH:
        return (
            f"Shorten it to {ABBREVIATION_LENGTH} characters: it is an abbreviation, such as PharmD or PA-C."
        )
    if not all(piece for piece in re.split(r"[.-]", text.removesuffix("."))):
        return "Put letters before and after each full stop or hyphen, as in Pharm.D. or PA-C."
    return ""


def field_error(text: str) -> str:
    """What is wrong with a field of work, such as *haematology pharmacy*; empty if nothing is."""
    if not text:
        return ""
    if error := _characters_error(text, " -", "a field of work"):
        return error
    if len(text) > FIELD_LENGTH or len(text.split(" ")) > FIELD_WORDS:
        return f"Shorten it to {FIELD_LENGTH} characters and {FIELD_WORDS} words."
    return ""


def _characters_error(text: str, others: str, what: str) -> str:
    """What is wrong with the characters of ``text``, which has letters and ``others``."""
    if not visible(text):
        return f"Write {what}; this one is empty."
    if text != text.strip() or "  " in text or visible(text) != text.replace(" ", ""):
        return "Remove spaces at the ends, double spaces, and invisible characters."
    plain = unicodedata.normalize("NFC", text)
    marks = 0
    for place, character in enumerate(plain):
        marks = marks + 1 if _is_mark(character) else 0
        if not (_is_letter(character) or character in others or (marks and place)) or marks > MARKS:
            return f"Remove “{character}”: {what} has {_allowed(others)}."
    return next((error for word in plain.split() if (error := _script_error(word))), "")


def _allowed(others: str) -> str:
    names = {" ": "spaces", "-": "hyphens", ".": "full stops", "'": "apostrophes"}
    return ", ".join(["letters", *(name for character, name in names.items() if character in others)])


def _is_letter(character: str) -> bool:
    return unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")


def _script_error(word: str) -> str:
    scripts = {unicodedata.name(c, "").split(" ")[0] for c in word if _is_letter(c)}
    mixed = [script for script in _ALIKE if script in scripts]
    if len(mixed) > 1:
        return (
            f"Write “{word}” in one script; it mixes {' and '.join(s.capitalize() for s in mixed)} letters."
        )
    return ""


def _name_words_error(text: str) -> str:
    words = unicodedata.normalize("NFC", text).split(" ")
    if len(text) > NAME_LENGTH or len(words) > NAME_WORDS:
        return f"Shorten it to {NAME_LENGTH} characters and {NAME_WORDS} words: a name, not a sentence."
    for word in words:
        for piece in word.split("-"):
            letters = sum(map(_is_letter, piece))
            if not letters:
                return "Put letters before and after each hyphen and apostrophe, as in Anne-Marie or O’Neill."
            if "." in piece and (letters > 1 or not piece.endswith(".") or piece.count(".") > 1):
                return "Put a full stop only after an initial, as in Ann B. Writer."
            if piece[-1] in APOSTROPHES:
                return "Put letters before and after each hyphen and apostrophe, as in Anne-Marie or O’Neill."
        if _is_small(word):
            return f"Begin each name with a capital letter; “{word}” is small."
    return ""


def _is_small(word: str) -> bool:
    """Whether a word begins small and is no particle, as words of a sentence do."""
    first, *rest = re.split(f"[-{APOSTROPHES}]", word)
    if first in PARTICLES and rest:  # d’Arc, al-Farsi
        return False
    first = first or (rest[0] if rest else "")
    return first[:1].islower() and first not in PARTICLES


def validate_name(text: str) -> None:
    """Raise ``ValidationError`` with what is wrong with a first or last name."""
    _refuse(name_error(text))


def validate_abbreviation(text: str) -> None:
    """Raise ``ValidationError`` with what is wrong with the abbreviation of a credential."""
    _refuse(abbreviation_error(text))


def validate_field(text: str) -> None:
    """Raise ``ValidationError`` with what is wrong with a field of work."""
    _refuse(field_error(text))


def _refuse(error: str) -> None:
    if error:
        raise ValidationError(error)


def full_name_error(user: User) -> str:
    """What is wrong with the names of an account, as a signature shows them; empty if nothing is."""
    if not visible(user.get_full_name()):
        return "The account has no name yet."
    parts = {"First name": user.first_name, "Last name": user.last_name}
    errors = (f"{label}: {error}" for label, text in parts.items() if text and (error := name_error(text)))
    return next(errors, "")


def check_names_of_accounts() -> None:
    """Apply the grammar to the names of accounts in every form, whichever view shows it."""
    for field in User._meta.fields:
        if field.name in ("first_name", "last_name"):
            field.validators.append(validate_name)

"""Recognise routes of administration in a text."""

import re

from monographs.models import Route

_LABEL = re.compile(r"^[\w ]*?(?:\s*:|\s+[-–—]\s)\s*")
_BREAK = re.compile(r"\s*[,;/+]\s*|\s+(?:and|or)\s+", re.IGNORECASE)
#: Patterns for words with exactly the meaning of a route.
_EXACT: dict[Route, str] = {
    Route.ORAL: r"oral(?:ly)?|(?:taken |given )?by mouth|po",
    Route.INTRAVENOUS_INFUSION: r"(?:iv|intravenous(?: iv)?) infusion|infusion into a vein(?: iv)?",
    Route.INTRAVENOUS_INJECTION: r"(?:iv|intravenous(?: iv)?) injection|injection into a vein(?: iv)?",
    Route.SUBCUTANEOUS_INJECTION: (
        r"(?:sc|sq|subcutaneous(?: sc)?)(?: injection)?|subcutaneously|(?:injection )?under the skin"
    ),
    Route.INTRAMUSCULAR_INJECTION: (
        r"(?:im|intramuscular(?: im)?)(?: injection)?|intramuscularly|(?:injection )?into a muscle"
    ),
    Route.EYE: r"in the eyes?|ophthalmic",
    Route.SKIN: r"on the skin|topical(?:ly)?",
}
#: Patterns for words that name a route but mean more, or less.
_HINTS: dict[Route, str] = {
    Route.ORAL: r"oral(?:ly)?|by mouth|tablets?|capsules?|pills?",
    Route.INTRAVENOUS_INFUSION: r"infusions?|drip",
    Route.INTRAVENOUS_INJECTION: r"(?:iv|intravenous) (?:push|bolus|injections?)|injections? into a vein",
    Route.SUBCUTANEOUS_INJECTION: r"subcutaneous(?:ly)?|under the skin|sc",
    Route.INTRAMUSCULAR_INJECTION: r"intramuscular(?:ly)?|into (?:a|the) muscle|im",
    Route.EYE: r"eye|eyes|ophthalmic",
    Route.SKIN: r"on the skin|topical(?:ly)?|creams?|ointments?|patch(?:es)?",
}


def routes_in(line: str) -> tuple[list[str], bool]:
    """Return the routes named by an ``Administration: …`` line, and whether they cover all its words."""
    value = _LABEL.sub("", line)
    pieces = [" ".join(re.findall(r"\w+", piece.casefold())) for piece in _BREAK.split(value)]
    pieces = [piece for piece in pieces if piece]
    found: set[Route] = set()
    complete = bool(pieces)
    for piece in pieces:
        exact = {route for route, words in _EXACT.items() if re.fullmatch(words, piece)}
        complete = complete and bool(exact)
        found |= exact or {route for route, words in _HINTS.items() if re.search(rf"\b(?:{words})\b", piece)}
    return [route.value for route in Route if route in found], complete

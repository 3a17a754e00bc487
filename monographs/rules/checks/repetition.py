"""Words that are there twice by mistake."""

import re
from collections.abc import Iterator

from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import remedy_at
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex

_TWICE = re.compile(r"(?<![\w’'.-])(?P<word>[A-Za-z]+)\s+(?P=word)(?![\w’'-])", re.IGNORECASE)
#: Words that English has twice in a row.
_RIGHT_TWICE = frozenset({"had", "that", "very", "no", "bye", "so", "is", "do", "knock"})


@house_rule(
    "doubled-word",
    title="No word twice in a row",
    severity=Severity.ADVICE,
    why="A word that is there twice is left over from a change, and something else may be, too.",
    source="GOV.UK content design: checking content before it is published",
    bad="Call the the care team",
    good="Call the care team",
    remedy=RemedyKind.ONE_CLICK,
)
def doubled_word(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No word is repeated at once."""
    for passage in text.passages:
        for match in _TWICE.finditer(passage.text):
            word = match["word"]
            if word.lower() not in _RIGHT_TWICE:
                yield Violation.at(
                    passage,
                    f"“{word}” is there twice.",
                    match[0],
                    start=match.start(),
                    remedies=remedy_at(passage, match.span(), word),
                )


RULES = (doubled_word,)

"""Remarks: differences between a source and its draft, shown to the writer at the place."""

from dataclasses import dataclass
from enum import StrEnum

#: What the message about a picture, a chart and the like says, after what it is.
NOT_IMPORTED = "was not imported"


class RemarkKind(StrEnum):
    """What happened to words of the source."""

    OMITTED = "omitted"  # in the source, not in the draft: struck, hidden, deleted, a picture's words
    CHANGED = "changed"  # the draft says it in other characters: a soft hyphen removed, U+0096 as a dash
    UNSURE = "unsure"  # kept as it is, but the writer should look: it may be a heading, a list, a wrong sign


@dataclass(frozen=True, slots=True)
class Remark:
    """One difference: ``quote`` is what the source says, ``result`` what the draft says instead.

    ``message`` says in a sentence what was done and why. ``undone`` is the text of the block (in its markup)
    as it would be without the change, for the writer to choose; None if there is nothing to undo.
    """

    kind: RemarkKind
    message: str
    quote: str
    result: str = ""
    undone: str | None = None

    @property
    def wordless(self) -> bool:
        """Whether it is about a picture or the like without words: ``quote`` is what the message calls it."""
        named = self.message.removeprefix("An ").removeprefix("A ")
        return named.startswith(f"{self.quote} {NOT_IMPORTED}")

    @property
    def can_take_in(self) -> bool:
        """Whether it has words of the file that were left out, which the importer can take in."""
        return self.kind is RemarkKind.OMITTED and bool(self.quote.strip()) and not self.wordless

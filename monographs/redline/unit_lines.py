"""Units and their lines as plain data."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from monographs.redline.model import Form, LineContext
from monographs.redline.tokens import Pieces, Token, tokens_of

_SINGLE_TOKEN_LABELS = frozenset(
    {"Picture", "Date seen", "How often", "How soon to act", "Advice", "Language", "Collection"}
)


@dataclass(frozen=True)
class UnitLine:
    """One line of one document. ``place_key`` identifies its place independent of labels and names."""

    context: LineContext
    pieces: Pieces
    place_key: str = ""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its tokens; a frequency, an urgency or a code is one token."""
        if self.context.label in _SINGLE_TOKEN_LABELS and len(self.pieces) == 1:
            return (Token(self.text, "", self.pieces),)
        return tokens_of(self.pieces)

    @cached_property
    def text(self) -> str:
        """Its text."""
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class TableShape:
    """How the lines of a unit make up a table: lines about it, then the cells row by row."""

    about: int
    columns: int
    has_header: bool


@dataclass(frozen=True)
class Unit:
    """Lines that are compared and moved together; most units have one line."""

    lines: tuple[UnitLine, ...]
    table: TableShape | None = None

    @property
    def kind(self) -> str:
        """The kind of its first line."""
        return self.lines[0].context.kind

    @property
    def place_key(self) -> str:
        """The place of its first line."""
        return self.lines[0].place_key

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All its words, without spaces."""
        return tuple(token.word for line in self.lines for token in line.tokens if token.word)

    @cached_property
    def content(self) -> tuple[Any, ...]:
        """Equal for two units with the same text and form, at any place."""
        lines = tuple(
            (line.context.kind, line.context.level, line.context.label, line.pieces) for line in self.lines
        )
        return (self.table, lines)

    @cached_property
    def placed_content(self) -> tuple[Any, ...]:
        """Equal for two units with the same text and form at the same place, whatever the place is called."""
        return (self.place_key, self.content)


def pieces_of(text: str, address: str = "") -> Pieces:
    """Text in one form: a link if there is an ``address``."""
    return ((text, Form(("a",), address) if address else Form()),) if text else ()

"""The result of comparing two documents."""

from dataclasses import dataclass

from monographs.redline.model import SectionRedline
from monographs.redline.summary import summarize
from monographs.redline.vocabulary import Flag, in_order


@dataclass(frozen=True, slots=True)
class Redline:
    """Two documents compared, in the order of the new one; a removed section stays where it was.

    ``first`` is true if there is no older document.
    """

    sections: tuple[SectionRedline, ...]
    first: bool

    @property
    def changed(self) -> tuple[SectionRedline, ...]:
        """The sections that differ."""
        return tuple(section for section in self.sections if section.changed)

    @property
    def unchanged(self) -> tuple[SectionRedline, ...]:
        """The sections that do not differ."""
        return tuple(section for section in self.sections if not section.changed)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag raised, each once, the most serious first."""
        return in_order({flag for section in self.sections for flag in section.flags})

    def summary(self) -> str:
        """Return the changes as one short line of plain text, for lists and email subjects."""
        if self.first:
            return "First edition of this page."
        return summarize(self.changed)

"""The comparison that the public site offers beside an edition."""

from collections.abc import Container
from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class EditionComparison:
    """An edition of the medicine at ``path``, compared with the last one before it that patients may read."""

    path: str
    number: int
    #: The edition that it is compared with; None if the text of each before it was withdrawn.
    before: int | None

    @classmethod
    def of(cls, path: str, number: int, withdrawn: Container[int]) -> "EditionComparison | None":
        """Return the comparison of edition ``number``, given the withdrawn editions; None for a first one."""
        if number == 1:
            return None
        before = next((each for each in range(number - 1, 0, -1) if each not in withdrawn), None)
        return cls(path, number, before)

    @property
    def address(self) -> str:
        """The path of the comparison; empty if there is nothing to compare with."""
        return f"{self.path}changes/{self.before}/{self.number}/" if self.before else ""

    @property
    def label(self) -> str:
        """The words of the link, or why there is none."""
        if self.before is None:
            return gettext("All editions before this one were withdrawn, so it is compared with none.")
        if self.before == self.number - 1:
            return gettext("What changed, word for word")
        return gettext("What changed since edition %(before)s, word for word") % {"before": self.before}

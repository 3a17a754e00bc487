"""What a house rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monographs.rules.check_context import CheckContext
from monographs.rules.text_index import TextIndex, TextPassage


class Severity(StrEnum):
    """Whether a finding keeps a draft from reviewers."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Violation:
    """A place where a rule is broken.

    ``around`` is the text whose change makes it another place: the sentence that ``excerpt`` stands in, or
    the whole section. ``order`` is where it stands in the text: passage, then character.
    """

    anchor: str
    place: str
    message: str
    excerpt: str = ""
    around: str = ""
    order: tuple[int, int] = (0, 0)

    @classmethod
    def at(cls, passage: TextPassage, message: str, excerpt: str = "", *, start: int = -1) -> "Violation":
        """A hit in ``passage``; ``start`` is where ``excerpt`` begins in it."""
        return cls(
            anchor=passage.anchor,
            place=passage.place,
            message=message,
            excerpt=excerpt,
            around=passage.sentence_at(start) if start >= 0 else passage.text,
            order=(passage.index, start),
        )


Check = Callable[[TextIndex, CheckContext], Iterator[Violation]]


@dataclass(frozen=True, slots=True)
class HouseRule:
    """One rule: what it asks for, why, and who says so.

    ``bad`` and ``good`` are its example. ``check`` finds where a text breaks it. A rule without one needs
    more than the text (the draft, what patients read now) and is kept by ``drafts``.
    """

    name: str
    title: str
    severity: Severity
    why: str
    source: str
    bad: str
    good: str
    overrulable: bool = False
    check: Check | None = None

    @property
    def example(self) -> str:
        """What breaks the rule, and what to write instead."""
        return f"{self.bad} → {self.good}"

    @property
    def may_be_overruled(self) -> bool:
        """Advice always; an error where the rule can be wrong about a text, never where a part is missing."""
        return self.severity is Severity.ADVICE or self.overrulable


def house_rule(
    name: str,
    *,
    title: str,
    severity: Severity,
    why: str,
    source: str,
    bad: str,
    good: str,
    overrulable: bool = False,
) -> Callable[[Check], HouseRule]:
    """Make a rule of the function that finds where a text breaks it."""

    def made(check: Check) -> HouseRule:
        return HouseRule(name, title, severity, why, source, bad, good, overrulable, check)

    return made

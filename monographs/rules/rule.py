"""House rules, their severity, and violations of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monographs.rules.band_choice import BandChoice
from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import Remedy
from monographs.rules.source_choice import SourceChoice
from monographs.rules.text_index import TextIndex, TextPassage

#: What a finding can offer: other words, the band of an effect, or a newer source.
AnyRemedy = Remedy | BandChoice | SourceChoice


class Severity(StrEnum):
    """How serious a violation is: an error keeps a draft from being submitted, advice does not."""

    ERROR = "error"
    ADVICE = "advice"


class RemedyKind(StrEnum):
    """What a rule offers where it is broken."""

    NONE = ""
    ONE_CLICK = "one click"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A place that a violation contradicts: in the same text, or on the page ``key``, called ``page``."""

    anchor: str
    place: str
    excerpt: str = ""
    page: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A place where a rule is broken.

    ``around`` is the text that identifies the place, so that a change of it ends an overrule: the sentence
    around ``excerpt``, or the whole section. ``order`` is its position: passage, then character.
    ``remedies`` are alternatives, the likeliest first. ``others`` are the places that it contradicts.
    """

    anchor: str
    place: str
    message: str
    excerpt: str = ""
    around: str = ""
    order: tuple[int, int] = (0, 0)
    remedies: tuple[AnyRemedy, ...] = ()
    others: tuple[OtherPlace, ...] = ()

    @classmethod
    def at(  # what a violation may have, by name
        cls,
        passage: TextPassage,
        message: str,
        excerpt: str = "",
        *,
        start: int = -1,
        remedies: tuple[AnyRemedy, ...] = (),
        others: tuple[OtherPlace, ...] = (),
    ) -> "Violation":
        """Return a violation in ``passage``; ``start`` is where ``excerpt`` begins in it."""
        return cls(
            anchor=passage.anchor,
            place=passage.full_place,
            message=message,
            excerpt=excerpt,
            around=passage.sentence_at(start) if start >= 0 else passage.text,
            order=(passage.index, start),
            remedies=remedies,
            others=others,
        )


Check = Callable[[TextIndex, CheckContext], Iterator[Violation]]


@dataclass(frozen=True, slots=True)
class HouseRule:
    """A rule with its reason, its source and an example.

    ``bad`` and ``good`` are the example. ``check`` yields the places where a text breaks the rule. A rule
    without it needs more than the text (the draft, what patients read now) and is checked by ``draft_check``.
    ``unwritten``: what breaks it is not wrong, but not there yet. ``remedy``: what it offers.
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
    unwritten: bool = False
    remedy: RemedyKind = RemedyKind.NONE

    @property
    def example(self) -> str:
        """The example: what breaks the rule, and what to write instead."""
        return f"{self.bad} → {self.good}"

    @property
    def may_be_overruled(self) -> bool:
        """Whether it may be overruled at one place: advice always, an error only where it can be mistaken."""
        return self.severity is Severity.ADVICE or self.overrulable


def house_rule(  # noqa: PLR0913  # the facts of a rule, by name
    name: str,
    *,
    title: str,
    severity: Severity,
    why: str,
    source: str,
    bad: str,
    good: str,
    overrulable: bool = False,
    unwritten: bool = False,
    remedy: RemedyKind = RemedyKind.NONE,
) -> Callable[[Check], HouseRule]:
    """Decorate a check function: the result is the ``HouseRule``. Add it to the module's ``RULES``."""

    def make_rule(check: Check) -> HouseRule:
        return HouseRule(name, title, severity, why, source, bad, good, overrulable, check, unwritten, remedy)

    return make_rule

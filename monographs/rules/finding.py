"""Findings: what the house rules report about a text."""

from dataclasses import asdict, dataclass, field
from typing import Any

from monographs.rules.rule import AnyRemedy, HouseRule, OtherPlace, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place.

    ``rule`` is the rule's name; ``place`` a heading or label that the editor shows; ``anchor`` the section's
    type or the field's name; ``excerpt`` the words it is about, as they are in the text (empty when something
    is missing). ``reason`` is why the rule was overruled at this place, empty when it was not, and
    ``overruled_by`` the name of the person who did it.

    ``earlier_reason`` is why it was overruled here before the text around it changed, to be offered again.

    ``fingerprint`` identifies this place among all that break the rule, as long as its text does not change:
    SHA-256, 64 hexadecimal digits. ``about`` is the rule itself, with title, reason and example.
    ``remedies`` are alternatives, the likeliest first; ``others`` the places that this one contradicts.
    """

    rule: str
    severity: Severity
    place: str
    message: str
    anchor: str = ""
    excerpt: str = ""
    reason: str = ""
    earlier_reason: str = ""
    fingerprint: str = ""
    overruled_by: str = ""
    about: HouseRule | None = field(default=None, compare=False, repr=False)
    remedies: tuple[AnyRemedy, ...] = ()
    others: tuple[OtherPlace, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether it keeps the draft from being submitted."""
        return self.severity is Severity.ERROR and not self.reason

    @property
    def to_write(self) -> bool:
        """Whether it stops the draft only because something is not written yet."""
        return self.stops and self.about is not None and self.about.unwritten

    @property
    def to_fix(self) -> bool:
        """Whether it stops the draft because of something that is written."""
        return self.stops and not self.to_write

    @property
    def kind(self) -> str:
        """How it is shown: ``error``, ``to-write``, ``advice``, or ``overruled``."""
        if self.reason:
            return "overruled"
        return "to-write" if self.to_write else self.severity.value

    @property
    def overrulable(self) -> bool:
        """Whether it may be overruled here, with a reason."""
        return self.about is not None and self.about.may_be_overruled

    def as_record(self) -> dict[str, Any]:
        """Return the finding as JSON-compatible data for other programs."""
        about = self.about
        return {
            "rule": self.rule,
            "title": about.title if about else "",
            "severity": self.severity.value,
            "place": self.place,
            "anchor": self.anchor,
            "message": self.message,
            "excerpt": self.excerpt,
            "why": about.why if about else "",
            "source": about.source if about else "",
            "example": about.example if about else "",
            "fingerprint": self.fingerprint,
            "overrulable": self.overrulable,
            "reason": self.reason,
            "overruled_by": self.overruled_by,
            "remedies": [remedy.as_record() for remedy in self.remedies],
            "others": [asdict(other) for other in self.others],
        }

"""What the house rules say of a text."""

from dataclasses import dataclass, field
from typing import Any

from monographs.rules.rule import HouseRule, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place.

    ``rule`` is the rule's name; ``place`` a heading or label a writer knows; ``anchor`` the section's type or
    the field's name; ``excerpt`` the words it is about, as they stand (empty when it is about what
    is missing). ``reason`` is why somebody overruled it at this place, empty while nobody has, and
    ``overruled_by`` who did.

    ``fingerprint`` tells this place from every other one that breaks the rule, for as long as its text
    stays as it is: SHA-256, 64 hexadecimal digits. ``about`` is the rule itself: title, why, example.
    """

    rule: str
    severity: Severity
    place: str
    message: str
    anchor: str = ""
    excerpt: str = ""
    reason: str = ""
    fingerprint: str = ""
    overruled_by: str = ""
    about: HouseRule | None = field(default=None, compare=False, repr=False)

    @property
    def stops(self) -> bool:
        """Whether the draft cannot be submitted because of it."""
        return self.severity is Severity.ERROR and not self.reason

    @property
    def overrulable(self) -> bool:
        """Whether somebody may overrule it here, with a reason."""
        return self.about is not None and self.about.may_be_overruled

    def as_record(self) -> dict[str, Any]:
        """Plain data for other programs."""
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
        }

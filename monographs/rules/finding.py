"""What the house rules say of a text."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a finding keeps a draft from reviewers."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place.

    ``rule`` is the rule's name; ``place`` a heading or label a writer knows; ``anchor`` the section's type or
    the field's name; ``excerpt`` the words it is about, as they stand (empty when it is about what
    is missing). ``reason`` is why somebody overruled it at this place, empty while nobody has.
    """

    rule: str
    severity: Severity
    place: str
    message: str
    anchor: str = ""
    excerpt: str = ""
    reason: str = ""

    @property
    def stops(self) -> bool:
        """Whether the draft cannot be submitted because of it."""
        return self.severity is Severity.ERROR and not self.reason

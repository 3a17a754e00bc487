"""The band of a side effect as a remedy: chosen from the list of bands, for the effect as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.document.parts import Effect, Effects, Frequency


@dataclass(frozen=True, slots=True)
class BandChoice:
    """A band to choose for one side effect, which is identified by its present content.

    ``name`` and ``explanation`` are as rules read them, ``before`` the value of its band (empty for none).
    """

    name: str
    explanation: str
    before: str
    band: Frequency
    only_shown: ClassVar[bool] = False

    @classmethod
    def of(cls, effect: Effect, band: Frequency) -> "BandChoice":
        """Return the choice of ``band`` for ``effect``."""
        return cls(_collapsed(effect.name), _collapsed(effect.explanation), effect.frequency or "", band)

    @property
    def offer(self) -> str:
        """What the button says that applies it."""
        return f"Choose “{self.band.label}”"

    @property
    def about(self) -> str:
        """What the button adds for those who do not see what is around it."""
        return f"for “{self.name}”"

    @property
    def proposal(self) -> str:
        """What is proposed, where it cannot be applied."""
        return f"{self.band.label}, {self.about}"

    @property
    def outcome(self) -> str:
        """What is so after it was applied."""
        return f"the band of “{self.name}” is now “{self.band.label}”"

    def as_record(self) -> dict[str, Any]:
        """Return the choice as JSON-compatible data for the editor and for other programs."""
        return {
            "effect": self.name,
            "explanation": self.explanation,
            "before": self.before,
            "band": self.band.value,
            "replacement": self.band.label,
            "only_shown": self.only_shown,
            "outcome": self.outcome,
        }

    def is_for(self, stored: Mapping[str, Any]) -> bool:
        """Whether the stored value of an effect is what the choice was made for."""
        texts = (_collapsed(stored.get("name")), _collapsed(stored.get("explanation")))
        return (*texts, stored.get("frequency") or "") == (self.name, self.explanation, self.before)

    def chosen_in(self, document: BaseDocument) -> BaseDocument:
        """Return ``document`` with the band chosen for each effect that the choice is for."""
        if not isinstance(document, MonographDocument):
            return document
        sections = tuple(
            section.model_copy(update={"parts": tuple(map(self._in_part, section.parts))})
            for section in document.sections
        )
        return document.model_copy(update={"sections": sections})

    def _in_part(self, part: Any) -> Any:
        if not isinstance(part, Effects):
            return part
        band = {"frequency": self.band, "frequency_label": self.band.label}
        items = (
            item.model_copy(update=band) if self.is_for(item.model_dump(mode="json")) else item
            for item in part.items
        )
        return part.model_copy(update={"items": tuple(items)})


def _collapsed(text: str | None) -> str:
    return " ".join((text or "").split())

"""Medicines whose every section says which edition it is of."""

import time
from dataclasses import dataclass, field

from monographs.document import MonographDocument
from monographs.document.parts import Text
from monographs.editions.models import Edition
from tests.public.published import monograph, publish, withdraw


@dataclass
class Medicines:
    """Published medicines, and when each of their editions was signed (``time.time`` at the commit)."""

    documents: list[MonographDocument] = field(default_factory=list)
    signed: dict[str, list[float]] = field(default_factory=dict)
    withdrawn: dict[str, float] = field(default_factory=dict)

    @classmethod
    def published(cls, count: int, prefix: str = "testumab") -> "Medicines":
        """Publish the first editions of ``count`` medicines."""
        medicines = cls()
        for number in range(count):
            medicines.documents.append(monograph(f"{prefix}{number}", brand_names=()))
            medicines.sign(number)
        return medicines

    @property
    def paths(self) -> list[str]:
        """The public paths."""
        return [document.path for document in self.documents]

    def sign(self, number: int) -> int:
        """Sign and publish the next edition of a medicine; return its number."""
        document = self.documents[number]
        signed = self.signed.setdefault(document.path, [])
        edition = len(signed) + 1
        publish(marked(document, edition))
        signed.append(time.time())
        return edition

    def withdraw(self, number: int) -> None:
        """Withdraw a medicine."""
        path = self.documents[number].path
        withdraw(Edition.objects.filter(path=path).latest("number"))
        self.withdrawn[path] = time.time()

    def age_of(self, path: str, edition: int, moment: float) -> float:
        """Return for how many seconds an edition had not been current any more at ``moment``, else 0."""
        signed = self.signed[path]
        replaced = signed[edition] if edition < len(signed) else self.withdrawn.get(path)
        return max(moment - replaced, 0.0) if replaced else 0.0


def marked(document: MonographDocument, edition: int) -> MonographDocument:
    """Return the document with the number of the edition in its summary and in each section."""
    mark = f"marker-{edition}-"
    sections = tuple(
        section.model_copy(update={"parts": (*section.parts, Text(html=f"<p>{mark} of this section.</p>"))})
        for section in document.sections
    )
    changes = {"summary": f"{mark} summary.", "sections": sections, "change_note": f"Edition {edition}."}
    return document.model_copy(update=changes)

"""The changes of public pages, newest first, as the feed and the page *What's new* list them."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from monographs.public.edition_comparison import EditionComparison

#: Enough for a feed reader that polls weekly, at ten changes a day.
MAX_CHANGES = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A new edition, or the withdrawal of a page (``what``), of the page with ``key``."""

    what: str
    key: uuid.UUID
    number: int
    at: datetime
    title: str
    kind: str
    path: str
    change_note: str
    review_kind: str
    restores: int | None
    unchanged: bool
    #: Numbers of the page's editions whose text was withdrawn.
    gone: list[int] | None
    reviewers: list[dict[str, str]]
    reason: str
    advice: str

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Change":
        """Build the change from a row of ``queries_sql.CHANGES``, also one that was read as JSON."""
        values = {field.name: row[field.name] for field in fields(cls)}
        if isinstance(values["at"], str):
            values["at"] = datetime.fromisoformat(values["at"])
        return cls(**{**values, "key": uuid.UUID(str(values["key"]))})

    @property
    def withdrawn(self) -> bool:
        """Whether the page was withdrawn."""
        return self.what == "withdrawal"

    @property
    def address(self) -> str:
        """The path that shows the change: the edition of a medicine, else the page."""
        if self.kind == "monograph" and not self.withdrawn:
            return f"{self.path}editions/{self.number}/"
        return self.path

    @property
    def comparison(self) -> EditionComparison | None:
        """The comparison with an edition before; None if there is none, or the text is the same."""
        if self.kind == "monograph" and not (self.withdrawn or self.unchanged):
            return EditionComparison.of(self.path, self.number, self.gone or ())
        return None

    @property
    def heading(self) -> str:
        """What happened to which page."""
        form = gettext("%(title)s: withdrawn") if self.withdrawn else gettext("%(title)s: edition %(number)s")
        return form % {"title": self.title, "number": self.number}

    def sentences(self) -> Iterator[str]:
        """Yield the sentences that describe the change."""
        if self.withdrawn:
            yield self.reason
            yield self.advice
            return
        yield gettext("A correction.") if self.review_kind == "correction" else gettext("A full review.")
        if self.restores:
            yield gettext("Brought back the text of edition %(restores)s.") % {"restores": self.restores}
        elif self.unchanged:
            yield gettext("The text stays as it is.")
        elif self.change_note:
            yield self.change_note
        names = [", ".join(filter(None, (r["name"], r.get("credentials")))) for r in self.reviewers]
        yield gettext("Signed by %(names)s.") % {"names": "; ".join(names)}

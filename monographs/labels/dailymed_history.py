"""DailyMed's list of versions of a label: ``…/v2/spls/{set id}/history.json``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from monographs.labels.label_dates import history_date
from monographs.labels.label_error import LabelRefused
from monographs.labels.spl import read_set_id, read_version

#: Digits of the number of a page.
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version in the list. ``published`` is None where DailyMed has no date."""

    version: int
    published: date | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of the list; ``next_page`` is None on the last one."""

    set_id: str
    title: str
    entries: tuple[HistoryEntry, ...]
    page: int = 1
    next_page: int | None = None

    @property
    def newest(self) -> int:
        """The highest version; 0 if the page has none. Versions skip, and no order is promised."""
        return max((entry.version for entry in self.entries), default=0)


def history_page(answer: Any) -> HistoryPage:
    """Return one parsed answer. Raises ``LabelRefused`` if it is none."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(data.get("history"), list):
        raise LabelRefused("the answer is no list of versions of DailyMed")
    about = data.get("spl")
    spl: Mapping[str, Any] = about if isinstance(about, Mapping) else {}
    pages = answer.get("metadata")
    metadata: Mapping[str, Any] = pages if isinstance(pages, Mapping) else {}
    return HistoryPage(
        read_set_id(str(spl.get("setid", ""))),
        str(spl.get("title", "")),
        tuple(_entry(each) for each in data["history"] if isinstance(each, Mapping)),
        _number(metadata.get("current_page")) or 1,
        _number(metadata.get("next_page")),
    )


def _entry(each: Mapping[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        read_version(str(each.get("spl_version", ""))), history_date(each.get("published_date"))
    )


def _number(value: Any) -> int | None:
    """A number; None for ``"null"``, which DailyMed has as a text, and for what is no number of a page."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else None

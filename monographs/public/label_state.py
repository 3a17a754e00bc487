"""What a page says of its label: the version, whether it is the newest, and a prepared sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from monographs.document.models import Identifiers
from monographs.editions.prepared_sentences import sentence_words
from monographs.public.date_format import day


@dataclass(frozen=True, slots=True)
class PatientSentence:
    """A prepared sentence as a reviewer signed it."""

    wording: str
    agency: str
    effective: date | None
    set_id: str
    version: int

    @classmethod
    def of(cls, row: Mapping[str, Any] | None) -> "PatientSentence | None":
        """Return the sentence of a row of ``label_sql.SENTENCE``, None without any."""
        return cls(**{**row, "effective": _date(row["effective"])}) if row else None

    @property
    def words(self) -> str:
        """The sentence in the active language; in English where its words are not translated."""
        return sentence_words(self.wording, self.agency, day(self.effective) if self.effective else "")


@dataclass(frozen=True, slots=True)
class LabelState:
    """What is known of the label with this set id, as in ``label_sql.LABEL``."""

    set_id: str
    newest: int | None
    checked_on: date | None
    gone: bool
    effective: date | None
    answered: int | None

    @classmethod
    def of(cls, row: Mapping[str, Any] | None) -> "LabelState | None":
        """Return the state of a row of ``label_sql.LABEL``, None if the label was never asked for."""
        if row is None:
            return None
        return cls(**{**row, "checked_on": _date(row["checked_on"]), "effective": _date(row["effective"])})


def label_lines(
    identifiers: Identifiers | None, state: LabelState | None, *, superseded: bool = False
) -> list[str]:
    """Return what a trust panel says of the label that a page names; nothing if it names no version.

    ``state`` counts only if it is of that label. Of a superseded edition the version alone is said.
    """
    if not identifiers or not identifiers.label_set_id or not identifiers.label_version:
        return []
    if state and state.set_id != identifiers.label_set_id.lower():
        state = None
    version = _("Version %(version)s") % {"version": identifiers.label_version}
    if state and state.effective:
        version = _("%(version)s of %(day)s") % {"version": version, "day": day(state.effective)}
    return [version] if superseded else [version, _standing(identifiers.label_version, state)]


def _standing(named: str, state: LabelState | None) -> str:
    """Say whether a version is the newest, as far as that is known."""
    unknown = _("We do not know if it is the newest version.")
    if not (state and state.checked_on and state.newest and not state.gone and _is_number(named)):
        return unknown
    filled = {"day": day(state.checked_on), "newest": state.newest}
    if int(named) == state.newest:
        return _("It was the newest version when we last checked, on %(day)s.") % filled
    if int(named) > state.newest:
        return unknown
    if state.answered and state.answered >= state.newest:
        return (
            _("Version %(newest)s is newer. A reviewer compared it and signed that nothing has to change.")
            % filled
        )
    return _("When we last checked, on %(day)s, there was a newer version: %(newest)s.") % filled


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

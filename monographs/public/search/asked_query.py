"""A search query with its question, its help box, and the parameters of its SQL statements."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monographs.document.versions.stored_document import UnknownVersion
from monographs.public.queries import parse_cached
from monographs.public.search.answers import Answer, answer
from monographs.public.search.expansion import search_groups
from monographs.public.search.help_box import Emergency, HelpBox, help_box
from monographs.public.search.name_index import NameIndex
from monographs.public.search.question import Question, read_question


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A search query, read as a question, with the help box that it needs."""

    query: str = ""
    question: Question = field(default_factory=Question)
    help: HelpBox | None = None

    @classmethod
    def read(cls, index: NameIndex, query: str, *, exact: bool = False) -> "AskedQuery":
        """Read ``query``; with ``exact``, without names similar to the typed ones."""
        help_for = help_box(query)
        exact = exact or is_about_suicide(help_for)
        return cls(query, read_question(index, query, exact=exact), help_for)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of ``search_queries.SEARCH`` and ``HIGHLIGHTS`` that come from it."""
        question = self.question
        asked_keys = [medicine.key for medicine in question.medicines if question.is_about_a_medicine]
        return {"groups": json.dumps(search_groups(self.query, question)), "asked_keys": asked_keys}

    @property
    def medicine_keys(self) -> list[str]:
        """The keys of the medicines that it names."""
        return [medicine.key for medicine in self.question.medicines]

    @property
    def may_be_guessed(self) -> bool:
        """Whether pages with similar names and words may be shown: not to a person in despair."""
        return not is_about_suicide(self.help)

    @property
    def lacks_medicine(self) -> bool:
        """Whether it asks something without naming a medicine of ours."""
        return bool(self.question.asks and self.question.topics and not self.question.medicines)

    def answers(self, rows: Mapping[str, Any]) -> tuple[Answer, ...]:
        """Return an answer for each medicine that it asks about, from rows of ``search_queries.ASKED``.

        Below a help box, only to what the box is about: anything else would lead away from it.
        """
        if self.help and not any(asked.topic.is_emergency for asked in self.question.topics):
            return ()
        found = {row["key"]: row for row in rows.get("asked") or ()}
        return tuple(
            answer(self.question, medicine, found[medicine.key], _document(found[medicine.key]))
            for medicine in self.question.medicines
            if medicine.key in found
        )


def is_about_suicide(help_for: HelpBox | None) -> bool:
    """Whether the help box is for thoughts of suicide."""
    return bool(help_for and Emergency.SUICIDE in help_for.emergencies)


def _document(row: Mapping[str, Any]) -> Any:
    """Return the signed text; None if only a newer release, which replaces this one, can read it."""
    try:
        return parse_cached(row["canonical"])
    except UnknownVersion:
        return None

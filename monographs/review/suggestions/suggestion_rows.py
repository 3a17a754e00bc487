"""The suggestions of a page with what a user may do with them, for the review screen and the editor."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User

from monographs.review.models import Suggestion
from monographs.review.publication.page_sync import page_of
from monographs.review.suggestions import suggestion_policy
from monographs.review.suggestions.editable_passages import EditablePassage, editable_passages
from monographs.review.suggestions.placed_suggestions import placed


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion and what the user may do with it.

    ``found``: the draft still says what it is about. ``why_not`` says why a writer cannot accept it now.
    """

    suggestion: Suggestion
    found: bool
    may_accept: bool
    may_decline: bool
    may_withdraw: bool
    why_not: str = ""

    @property
    def may_act(self) -> bool:
        """Whether the user may do anything with it."""
        return self.may_accept or self.may_decline or self.may_withdraw

    @property
    def before(self) -> str:
        """The words before it in its passage."""
        return self.suggestion.passage[: self.suggestion.start]

    @property
    def after(self) -> str:
        """The words after it in its passage."""
        return self.suggestion.passage[self.suggestion.end :]


def suggestion_rows(user: User, key: UUID) -> list[SuggestionRow]:
    """Return the suggestions of a page, oldest first. One query if there are none, else a fixed number."""
    suggestions = list(Suggestion.objects.filter(key=key))
    if not suggestions:
        return []
    facts = suggestion_policy.answer_facts(user, key)
    passages = _passages_of(key)
    return [_row(facts, each, passages) for each in suggestions]


def by_section(rows: Iterable[SuggestionRow]) -> dict[str, list[SuggestionRow]]:
    """Return suggestions by the anchor of their section."""
    found: dict[str, list[SuggestionRow]] = {}
    for row in rows:
        found.setdefault(row.suggestion.section, []).append(row)
    return found


def _passages_of(key: UUID) -> list[EditablePassage]:
    page = page_of(key)
    revision = page.get_latest_revision() if page else None
    return editable_passages(revision.content, type(page)) if page and revision else []


def _row(
    facts: suggestion_policy.AnswerFacts, suggestion: Suggestion, passages: list[EditablePassage]
) -> SuggestionRow:
    if not suggestion.is_open:
        return SuggestionRow(suggestion, True, False, False, False)
    found = placed(suggestion, passages) is not None
    accept = suggestion_policy.can_accept(facts, suggestion)
    decline = suggestion_policy.can_decline(facts, suggestion).allowed
    return SuggestionRow(
        suggestion,
        found=found,
        may_accept=accept.allowed and found,
        may_decline=decline,
        may_withdraw=suggestion_policy.can_withdraw_suggestion(facts, suggestion).allowed,
        why_not=accept.message if decline and found else "",
    )

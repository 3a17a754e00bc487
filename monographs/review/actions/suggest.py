"""Suggesting other words for words of a text, and answering suggestions: accept, decline, withdraw."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import normalize

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.document.html import plain_text
from monographs.editions.contributions import record_contribution
from monographs.editions.ledger import Event, append_entry
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications
from monographs.review.actions.base import Action
from monographs.review.actions.notes import MAX_LENGTH, SENT_AGAIN_WITHIN, check_body
from monographs.review.authorship.file_authors import FileAuthors
from monographs.review.models import (
    UNDER_WAY,
    Submission,
    Suggestion,
    SuggestionStatus,
    submission_with_step,
)
from monographs.review.publication.page_log import log_page_action
from monographs.review.publication.page_sync import page_of
from monographs.review.record_locks import lock_rows
from monographs.review.suggestions import suggestion_policy
from monographs.review.suggestions.editable_passages import (
    EditablePassage,
    UnsuitableWords,
    editable_passages,
    with_words,
)
from monographs.review.suggestions.exemption_policy import changes_wording_only
from monographs.review.suggestions.included_words import refusal_of_included_words
from monographs.review.suggestions.marked_words import smallest_change
from monographs.review.suggestions.moved_suggestions import moved_along
from monographs.review.suggestions.placed_suggestions import (
    AmbiguousWords,
    FoundWords,
    as_around,
    found_words,
    placed,
    with_space,
    words_at,
)

#: Most characters of the words that are suggested.
MAX_WORDS = 2000
_NO_PLACE = (
    "These words do not stand together in one paragraph, list item or cell of this section. Choose the "
    "passage from the list of the section, or leave a note."
)
_SEVERAL_PLACES = (
    "These words stand in several places of this section. Choose the passage from the list of the section."
)


@dataclass(frozen=True, slots=True)
class ChosenWords:
    """Words of a section to change: ``quote`` between ``prefix`` and ``suffix``.

    Or, with ``place`` and ``number``, the whole passage there, which must say ``quote``.
    """

    section: str
    quote: str
    prefix: str = ""
    suffix: str = ""
    place: str = ""
    number: int = 0

    def found(self, passages: Sequence[EditablePassage]) -> FoundWords:
        """Return where the words are; raises ``PolicyError``."""
        if self.place:
            twins = [p for p in passages if p.place == self.place and _same(p.words, self.quote)]
            if self.number >= len(twins):
                raise PolicyError(
                    Rule.NO_SUCH_PLACE, "This passage says something else now. Reload the page, then suggest."
                )
            passage = twins[self.number]
            return words_at(passages, passage, 0, len(passage.words))
        try:
            words = found_words(passages, self.section, self.quote, self.prefix, self.suffix)
        except AmbiguousWords as error:
            raise PolicyError(Rule.NO_SUCH_PLACE, _SEVERAL_PLACES) from error
        if words is None:
            raise PolicyError(Rule.NO_SUCH_PLACE, _NO_PLACE)
        return words


def _same(words: str, quote: str) -> bool:
    """Return whether two texts are the same; a browser's form writes each line break in its own way."""
    return words.split() == quote.split()


class Suggest(Action[Suggestion]):
    """Suggest ``words`` in place of ``chosen`` words of the page ``key``, for a ``reason``.

    Only what differs is stored. Nothing of the text changes. With ``submission`` it is a reviewer's
    suggestion on a text in review; without, a change that ``outsider`` made and the user takes over.
    """

    name = "suggest"

    def __init__(
        self,
        user: User,
        key: uuid.UUID,
        chosen: ChosenWords,
        *,
        words: str,
        reason: str,
        submission: Submission | None = None,
        outsider: str = "",
    ) -> None:
        super().__init__(user)
        self.key = key
        # Composed as texts are when they are stored (``pages.composed_text``)
        self.chosen = replace(chosen, quote=normalize("NFC", chosen.quote))
        self.words = normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
        self.reason = reason.strip()
        self.submission = submission
        self.outsider = outsider

    def subject(self) -> uuid.UUID:
        return self.key

    def perform(self) -> Suggestion:
        lock_rows(self.key)
        submission = self._checked()
        draft = _draft_of(self.key)
        content = draft.get_latest_revision().content
        passages = editable_passages(content, type(draft))
        try:
            found = self._changed_part(passages)
        except PolicyError as refusal:
            message = refusal_of_included_words(content, type(draft), self.chosen.quote)
            if refusal.rule == Rule.NO_SUCH_PLACE and message:
                raise PolicyError(Rule.NO_SUCH_PLACE, message) from refusal
            raise
        if sent_before := self._sent_before(found):
            return sent_before
        after = _with_suggestion(draft, content, found.passage, found.start, found.end, self.words)
        suggestion = Suggestion.objects.create(
            key=self.key,
            submission=submission,
            section=self.chosen.section,
            place=found.passage.place,
            passage=found.passage.words,
            number=found.number,
            same=found.same,
            start=found.start,
            old_words=found.words,
            new_words=self.words,
            reason=self.reason,
            outsider=self.outsider,
            author=self.user,
            author_record=self.actor.as_record(),
            wording_only=changes_wording_only(self.actor, draft, after),
        )
        _record(Event.SUGGESTED, self, suggestion, reason=self.reason, outsider=self.outsider)
        notifications.suggested(suggestion, self.actor)
        return suggestion

    def _checked(self) -> Submission | None:
        """Check rights and form; return the submission it belongs to."""
        if self.submission is not None:
            in_review = submission_with_step(self.submission.pk)
            suggestion_policy.can_suggest(self.user, in_review).enforce()
            submission: Submission | None = in_review
        else:
            suggestion_policy.can_take_over_suggestion(self.user, self.key).enforce()
            submission = Submission.objects.filter(key=self.key, status__in=UNDER_WAY).first()
        check_body(self.reason, "Give a reason: the writer decides by it.")
        if len(self.words) > MAX_WORDS:
            raise PolicyError(
                Rule.NO_WORDS,
                f"This has {len(self.words)} characters. Suggest at most {MAX_WORDS}, or leave a note.",
            )
        if any(ord(c) < ord(" ") and c != "\n" for c in self.words):
            raise PolicyError(
                Rule.NO_WORDS, "The words have invisible control characters. Type them instead of pasting."
            )
        return submission

    def _changed_part(self, passages: Sequence[EditablePassage]) -> FoundWords:
        """Return the words that really change; ``words`` becomes what stands in their place."""
        found = self.chosen.found(passages)
        if not self.words.strip():
            self.words = ""
            found = with_space(found)
        else:
            self.words = as_around(found.words, self.words)
        start, end, words = smallest_change(found.words, self.words)
        if (start, end, words) == (0, 0, ""):
            raise PolicyError(
                Rule.NO_WORDS, "These are the same words. Type what should stand there instead."
            )
        self.words = words
        return replace(found, start=found.start + start, end=found.start + end)

    def _sent_before(self, found: FoundWords) -> Suggestion | None:
        same = {"place": found.passage.place, "passage": found.passage.words, "number": found.number}
        return Suggestion.objects.filter(
            **same,
            key=self.key,
            start=found.start,
            old_words=found.words,
            new_words=self.words,
            reason=self.reason,
            author=self.user,
            status=SuggestionStatus.OPEN,
            at__gt=database_now() - SENT_AGAIN_WITHIN,
        ).first()


def _draft_of(key: uuid.UUID) -> ReviewedPage:
    page = page_of(key)
    if page is None or page.get_latest_revision() is None:
        raise PolicyError(Rule.NO_SUCH_PLACE, "The page of this text has no draft, so it cannot be changed.")
    draft: ReviewedPage = page.get_latest_revision_as_object()
    return draft


def _with_suggestion(
    draft: ReviewedPage, content: dict[str, Any], passage: EditablePassage, start: int, end: int, words: str
) -> ReviewedPage:
    """Return the draft with other words; raises ``PolicyError`` if they do not fit."""
    try:
        changed = with_words(content, passage, start, end, words)
    except UnsuitableWords as error:
        raise PolicyError(Rule.NO_WORDS, plain_text(str(error))) from error
    return draft.with_content_json(changed)


def _record(event: Event, action: Action[Any], suggestion: Suggestion, **data: Any) -> None:
    submission = suggestion.submission
    append_entry(
        event,
        action.actor,
        {
            "suggestion": suggestion.pk,
            "section": suggestion.section,
            "passage": suggestion.passage,
            "old_words": suggestion.old_words,
            "new_words": suggestion.new_words,
            "author": suggestion.author_record,
            **({"submission": str(submission.uuid)} if submission else {}),
            **data,
        },
        subject=suggestion.key,
    )


class SuggestionAction(Action[Suggestion]):
    """An attempt on one suggestion; ``body`` is what is answered, if anything."""

    def __init__(self, user: User, suggestion: Suggestion, *, body: str = "") -> None:
        super().__init__(user)
        self.suggestion = suggestion
        self.body = body.strip()

    def subject(self) -> uuid.UUID:
        return self.suggestion.key

    def locked(self) -> Suggestion:
        """Return the suggestion, its row locked until the transaction ends, after the page's record."""
        lock_rows(self.suggestion.key)
        if len(self.body) > MAX_LENGTH:
            check_body(self.body, "")
        found = Suggestion.objects.select_for_update(of=("self",)).select_related("submission")
        return found.get(pk=self.suggestion.pk)

    def facts(self) -> suggestion_policy.AnswerFacts:
        """Return the user's relation to the page's suggestions."""
        return suggestion_policy.answer_facts(self.user, self.suggestion.key)

    def close(self, suggestion: Suggestion, status: SuggestionStatus, event: Event, **data: Any) -> None:
        """Store and record how and by whom an open suggestion was answered."""
        suggestion.status, suggestion.answer = status, self.body
        suggestion.answered_at, suggestion.answerer = database_now(), self.actor.as_record()
        suggestion.save(
            update_fields=["status", "answer", "answered_at", "answerer", "exempt", "wording_only"]
        )
        _record(event, self, suggestion, answer=self.body, **data)


class AcceptSuggestion(SuggestionAction):
    """Put the suggested words into the draft, as a revision of the writer who accepts them.

    The author of the words is recorded as a contributor, unless they are exempt; of a change in a Word file
    also those whom the file names. It is refused when the passage does not say any more what the suggestion
    is about.
    """

    name = "accept suggestion"

    def perform(self) -> Suggestion:
        suggestion = self.locked()
        suggestion_policy.can_accept(self.facts(), suggestion).enforce()
        draft = _draft_of(suggestion.key)
        content = draft.get_latest_revision().content
        passages = editable_passages(content, type(draft))
        passage = placed(suggestion, passages)
        if passage is None:
            raise PolicyError(Rule.PASSAGE_CHANGED, suggestion_policy.CHANGED_SINCE)
        after = _with_suggestion(
            draft, content, passage, suggestion.start, suggestion.end, suggestion.new_words
        )
        author = suggestion.author_person
        suggestion.wording_only = changes_wording_only(author, draft, after)
        # A file proves nobody, so nobody is exempt for words of one
        suggestion.exempt = (
            suggestion.wording_only
            and not suggestion.outsider
            and suggestion_policy.wording_is_exempt(author, suggestion_policy.newest_exemption())
        )
        if not suggestion.exempt:
            people = (replace(author, credentials="", field=""), *FileAuthors().of(suggestion.outsider))
            for person in dict.fromkeys(people):
                # Not tied to a revision: it stays also when the words are replaced later
                record_contribution(suggestion.key, person, "")
        self.close(
            suggestion,
            SuggestionStatus.ACCEPTED,
            Event.SUGGESTION_ACCEPTED,
            exempt=suggestion.exempt,
            wording_only=suggestion.wording_only,
        )
        revision = after.save_revision(user=self.user, clean=False)
        self._log(after, revision.pk, suggestion)
        self._move_others(suggestion, passages, editable_passages(revision.content, type(draft)))
        notifications.suggestion_answered(suggestion, self.actor)
        return suggestion

    def _log(self, page: ReviewedPage, revision: int, suggestion: Suggestion) -> None:
        comment = f"Suggestion of {suggestion.author_person.name} accepted"
        data = {"comment": comment, "suggestion": suggestion.pk}
        log_page_action(page, "wagtail.edit", self.user, revision, data, changed=True)

    def _move_others(
        self, accepted: Suggestion, before: Sequence[EditablePassage], after: Sequence[EditablePassage]
    ) -> None:
        others = Suggestion.objects.filter(key=accepted.key, status=SuggestionStatus.OPEN)
        for other in moved_along(accepted, others, before, after):
            other.save(update_fields=["place", "passage", "start", "number", "same"])


class DeclineSuggestion(SuggestionAction):
    """Leave the text as it is; ``body`` can say why."""

    name = "decline suggestion"

    def perform(self) -> Suggestion:
        suggestion = self.locked()
        suggestion_policy.can_decline(self.facts(), suggestion).enforce()
        self.close(suggestion, SuggestionStatus.DECLINED, Event.SUGGESTION_DECLINED)
        notifications.suggestion_answered(suggestion, self.actor)
        return suggestion


class WithdrawSuggestion(SuggestionAction):
    """Take a suggestion back, by its author, before it is answered."""

    name = "withdraw suggestion"

    def perform(self) -> Suggestion:
        suggestion = self.locked()
        suggestion_policy.can_withdraw_suggestion(self.facts(), suggestion).enforce()
        self.close(suggestion, SuggestionStatus.WITHDRAWN, Event.SUGGESTION_WITHDRAWN)
        return suggestion

"""What people wrote about a text beside it: words of theirs that a writer takes into it count as theirs."""

import re
import uuid
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q
from wagtail.models import Comment, CommentReply

from monographs.accounts.actors import contributor_of
from monographs.editions.models import Signature, Withdrawal
from monographs.editions.person import Person
from monographs.review.models import (
    Note,
    NoteReply,
    RetirementProposal,
    Submission,
    SubmissionStatus,
    Suggestion,
)


def comments_on(key: uuid.UUID, until: datetime | None) -> Iterator[tuple[Person, str]]:
    """Yield author and text of each comment on the page ``key``, of those made by ``until``.

    Notes and answers, suggestions, Wagtail's comments, reasons of a return, what was wrong with a withdrawn
    page, and what was said about retiring it.
    """
    for person, text, at in (*_notes(key), *_suggestions(key), *_comments(key), *_reasons(key)):
        if until is None or at <= until:
            yield _without_credentials(person), text


def notes_elsewhere(key: uuid.UUID, words: Collection[str]) -> Iterator[tuple[Person, str, uuid.UUID]]:
    """Yield author, text and page of what was noted or suggested on another page and has one of ``words``.

    An exempt suggestion counts here, too: it was exempt on its page, with the text around it.

    They are compared as the database compares letters, so words of other letters than ASCII find every note.
    """
    for note in Note.objects.filter(_has(words, "body")).exclude(key=key).select_related("outside_link"):
        for author in _authors_of(note):
            yield _without_credentials(author), note.body, note.key
    for reply in NoteReply.objects.filter(_has(words, "body")).exclude(note__key=key).select_related("note"):
        yield _without_credentials(reply.author_person), reply.body, reply.note.key
    suggested = Suggestion.objects.filter(_has(words, "new_words") | _has(words, "reason")).exclude(key=key)
    for suggestion in suggested:
        for text in (suggestion.new_words, suggestion.reason):
            yield _without_credentials(suggestion.author_person), text, suggestion.key


def _has(words: Collection[str], field: str) -> Q:
    """Return the condition that ``field`` has one of ``words``; all rows if they are not ASCII only."""
    if not all(word.isascii() for word in words):
        return Q(pk__isnull=False)
    return Q(**{f"{field}__iregex": "|".join(re.escape(word) for word in sorted(words))})


def _without_credentials(person: Person) -> Person:
    return replace(person, credentials="", field="")


def _authors_of(note: Note) -> Iterator[Person]:
    """Yield the author and, of an outside expert's note, who made the link and may have written by it."""
    yield note.author_person
    if note.outside_link:
        yield note.outside_link.maker_person


def _notes(key: uuid.UUID) -> Iterator[tuple[Person, str, datetime]]:
    for note in Note.objects.filter(key=key).select_related("outside_link"):
        for author in _authors_of(note):
            yield author, note.body, note.at
    for reply in NoteReply.objects.filter(note__key=key):
        yield reply.author_person, reply.body, reply.at


def _suggestions(key: uuid.UUID) -> Iterator[tuple[Person, str, datetime]]:
    """Yield what was suggested, and why, without the words of those whose authors may sign them."""
    for suggestion in Suggestion.objects.filter(key=key):
        yield suggestion.author_person, suggestion.reason, suggestion.at
        if not suggestion.exempt:
            yield suggestion.author_person, suggestion.new_words, suggestion.at


def _comments(key: uuid.UUID) -> Iterator[tuple[Person, str, datetime]]:
    comments = Comment.objects.filter(page__translation_key=key).select_related("user")
    answers = CommentReply.objects.filter(comment__page__translation_key=key).select_related("user")
    for comment in (*comments, *answers):
        if isinstance(comment.user, User):
            yield contributor_of(comment.user), comment.text, comment.created_at


def _reasons(key: uuid.UUID) -> Iterator[tuple[Person, str, datetime]]:
    returned = Submission.objects.filter(key=key, status=SubmissionStatus.RETURNED)
    for submission in returned.only("closer", "outcome", "closed_at"):
        if submission.closer_person and submission.closed_at:
            yield submission.closer_person, submission.outcome, submission.closed_at
    for proposal in RetirementProposal.objects.filter(key=key):
        yield proposal.proposer_person, proposal.note, proposal.proposed_at
        if proposal.closer and proposal.closed_at:
            yield Person(**proposal.closer), proposal.outcome, proposal.closed_at
    for withdrawal in Withdrawal.objects.filter(key=key):
        for signature in Signature.objects.filter(submission=withdrawal.uuid):
            person = Person(signature.user_id, signature.username, signature.name)
            yield person, withdrawal.note, signature.signed_at

"""What people wrote about a text beside it: words of theirs that a writer takes into it count as theirs."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from wagtail.models import Comment, CommentReply

from monographs.accounts.actors import contributor_of
from monographs.editions.models import Signature, Withdrawal
from monographs.editions.person import Person
from monographs.review.models import Note, NoteReply, Submission, SubmissionStatus


def comments_on(key: uuid.UUID, until: datetime | None) -> Iterator[tuple[Person, str]]:
    """Yield author and text of each comment on the page ``key``, of those made by ``until``.

    Notes and answers, Wagtail's comments, reasons of a return, and what was wrong with a withdrawn page.
    """
    for person, text, at in (*_notes(key), *_comments(key), *_reasons(key)):
        if until is None or at <= until:
            yield replace(person, credentials="", field=""), text


def _notes(key: uuid.UUID) -> Iterator[tuple[Person, str, datetime]]:
    for note in Note.objects.filter(key=key):
        yield note.author_person, note.body, note.at
    for reply in NoteReply.objects.filter(note__key=key):
        yield reply.author_person, reply.body, reply.at


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
    for withdrawal in Withdrawal.objects.filter(key=key):
        for signature in Signature.objects.filter(submission=withdrawal.uuid):
            person = Person(signature.user_id, signature.username, signature.name)
            yield person, withdrawal.note, signature.signed_at

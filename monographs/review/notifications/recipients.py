"""Whom news concerns: people of the desk who can be reached."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from monographs.accounts.actors import EDITORS, users_with_admin_access
from monographs.editions.contributions import contributors_since
from monographs.editions.models import Edition, Signature
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.review import policy
from monographs.review.models import Note, Submission


def reachable() -> QuerySet[Any]:
    """Accounts that have an address and may enter the desk: nobody else is told anything of it."""
    return users_with_admin_access().exclude(email="").order_by("pk")


def reached(ids: Iterable[int | None], without: Person | None = None) -> list[Any]:
    """Those of the accounts ``ids`` who can be reached, each once; not whoever did it themselves."""
    wanted = {pk for pk in ids if pk} - {without.id if without else None}
    return list(reachable().filter(pk__in=wanted)) if wanted else []


def editors() -> set[int]:
    """Members of the group that runs the desk."""
    return set(get_user_model()._default_manager.filter(groups__name=EDITORS).values_list("pk", flat=True))


def asked(submission: Submission) -> set[int]:
    """Who is asked to sign now: the reviewers it names, as far as they may; else all who may."""
    able = {user.pk for user in policy.eligible_signers(submission)}
    return able & set(submission.reviewers.values_list("pk", flat=True)) or able


def writers_of(submission: Submission) -> set[int | None]:
    """Who submitted a text that is not an edition yet, and who wrote in it since the one before."""
    wrote = contributors_since(submission.key, current_edition(submission.key))
    return {submission.submitted_by_id, *(person.id for person in wrote)}


def makers_of(edition: Edition) -> set[int | None]:
    """Who wrote, submitted and signed an edition."""
    signers = Signature.objects.filter(submission=edition.submission).values_list("user_id", flat=True)
    submitter = Submission.objects.filter(uuid=edition.submission).values_list("submitted_by_id", flat=True)
    return {*submitter, *signers, *(person["id"] for person in edition.contributors)}


def signers_of(submission: Submission) -> set[int]:
    """Who signed a submission."""
    given = Signature.objects.filter(submission=submission.uuid)
    return set(given.values_list("user_id", flat=True))


def concerned(note: Note) -> set[int | None]:
    """Who takes part in a note: its author, who answered, and the text's writers."""
    answered = note.replies.values_list("author_id", flat=True)
    writers = writers_of(note.submission) if note.submission else set()
    return {note.author_id, *answered, *writers}

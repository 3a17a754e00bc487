"""The recipients of notifications: accounts with access to the admin and an email address."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, UUIDField
from wagtail.models import Page

from monographs.accounts.actors import EDITORS, users_with_admin_access
from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.editions.contributions import contributors_now
from monographs.editions.models import Edition, Signature
from monographs.editions.person import Person
from monographs.review import policy
from monographs.review.models import MedicalReviewTask, Note, Submission


def accounts_with_email() -> QuerySet[User]:
    """Return the accounts that can be notified. Nobody without access to the admin is told about reviews."""
    return users_with_admin_access().exclude(email="").select_related("wagtail_userprofile").order_by("pk")


_REACHABLE: CompiledQuery[User] = CompiledQuery(
    lambda: accounts_with_email().filter(among("pk", Parameter("users", IntegerField())))
)


def reachable_accounts(ids: Iterable[int | None], without: Person | None = None) -> list[User]:
    """Return the accounts among ``ids`` that can be notified, each once, without the person who acted."""
    wanted = {pk for pk in ids if pk} - {without.id if without else None}
    return _REACHABLE.rows(users=list(wanted)) if wanted else []


def editors() -> set[int]:
    """Return the members of the group Editors."""
    return set(User.objects.filter(groups__name=EDITORS).values_list("pk", flat=True))


def administrators() -> set[int]:
    """Return the superusers, who look after the site."""
    return set(User.objects.filter(is_superuser=True).values_list("pk", flat=True))


def reviewers() -> set[int]:
    """Return the members of the groups that review at any step."""
    groups = MedicalReviewTask.objects.filter(active=True).values_list("groups", flat=True)
    return set(User.objects.filter(groups__in=groups).values_list("pk", flat=True))


def requested_signers(submission: Submission) -> set[int]:
    """Return who is asked to sign now: the named reviewers who may sign or, if none may, all who may."""
    eligible = {user.pk for user in policy.eligible_signers(submission)}
    return eligible & set(submission.reviewers.values_list("pk", flat=True)) or eligible


def writers_of(submission: Submission) -> set[int | None]:
    """Return who submitted a text and who contributed to it since the last edition."""
    return {submission.submitted_by_id, *(person.id for person in contributors_now(submission.key))}


def _involved() -> QuerySet[Any, int | None]:
    uuid = Parameter("submission", UUIDField())
    signers = Signature.objects.filter(submission=uuid).values_list("user_id", flat=True)
    submitter = Submission.objects.filter(uuid=uuid).values_list("submitted_by_id", flat=True)
    owner = Page.objects.filter(translation_key=Parameter("key", UUIDField()))
    return submitter.order_by().union(signers, owner.order_by().values_list("owner_id", flat=True))


_INVOLVED: CompiledQuery[int | None] = CompiledQuery(_involved)


def people_of_edition(edition: Edition) -> set[int | None]:
    """Return the accounts that wrote, submitted or signed an edition or own its page."""
    involved = _INVOLVED.rows(submission=edition.submission, key=edition.key)
    return {*involved, *(person["id"] for person in edition.contributors)}


def signers_of(submission: Submission) -> set[int]:
    """Return who signed a submission."""
    signatures = Signature.objects.filter(submission=submission.uuid)
    return set(signatures.values_list("user_id", flat=True))


def participants(note: Note) -> set[int | None]:
    """Return who takes part in a note: its author, those who answered, and the writers of the text."""
    answered = note.replies.values_list("author_id", flat=True)
    writers = writers_of(note.submission) if note.submission else set()
    return {note.author_id, *answered, *writers}

"""Six ways to break the service on purpose, each through every layer that would otherwise still hold.

The rules live in the policy, in the guard, in the making of editions and in the database at once. A fault
in one of them alone is caught by the next, which is the point of having several; so each fault here takes
out as many as it needs to be a fault, and says which.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import ANY

import pytest
from django.db import connection
from django.utils import timezone

from monographs.editions import publishing, signatures
from monographs.public import queries
from monographs.review import progress
from monographs.review.policy import ALLOWED
from monographs.review.publication import publish

Patch = pytest.MonkeyPatch


@contextmanager
def without_contributor_check(patch: Patch) -> Iterator[None]:
    """(a) Nobody counts as having written anything.

    Out: the list of those who may not sign, on which policy, guard, edition and verification rest, and the
    clause of the database's trigger that leaves their signatures out. Only the test's own memory of who
    brought which word is left.
    """
    nobody = signatures.ExcludedUsers(frozenset(), frozenset())
    patch.setattr(
        signatures.ExcludedUsers, "from_contributors", classmethod(lambda cls, contributors: nobody)
    )
    clause = r"AND NOT EXISTS \(\s*SELECT 1 FROM editions_contribution c.*?username\)\)\)"
    with trigger_without(clause):
        yield


@contextmanager
def bound_to_the_revision(patch: Patch) -> Iterator[None]:
    """(b) What is published is whatever the revision says by then, by signatures given to its id.

    Out: the comparison of hashes when signing and finishing, the hash in the look-up of signatures, and the
    comparison with what the ledger says was submitted: the last two in code and in the database's trigger.
    """

    def latest(submission: Any) -> Any:
        return submission.page.specific.get_latest_revision()

    def given_to_the_submission(submission: Any, sha256: str) -> list[Any]:
        return list(signatures.Signature.objects.filter(submission=submission).order_by("signed_at", "pk"))

    honest = publish.make_edition

    def what_the_revision_says(document: Any, *, submission: Any, **kwargs: Any) -> Any:
        sent = publish.Submission.objects.get(uuid=submission)
        return honest(latest(sent).as_object().to_document(), submission=submission, **kwargs)

    signing = __import__("monographs.review.actions.sign", fromlist=["signing"])
    patch.setattr(signing, "check_unchanged", lambda submission: None)
    for module in (publishing, publish, signing):
        patch.setattr(module, "signatures_for", given_to_the_submission)
    patch.setattr(publish, "make_edition", what_the_revision_says)
    patch.setattr(publishing, "recorded_submission", lambda key, submission: ANY)
    of_the_signature = r"AND s\.sha256 = NEW\.sha256"
    of_the_submission = r"IF \(asked->>'sha256', asked->'steps'\) IS DISTINCT FROM .*?END IF;"
    with trigger_without(of_the_signature, of_the_submission):
        yield


@contextmanager
def without_the_last_check(patch: Patch) -> Iterator[None]:
    """(c) When the workflow is over the text is published, whoever has or has not signed it.

    Out: the checks of signatures at the finish, in code: of the steps as they were when the text was
    submitted, and as they are now. The database still refuses the unsigned edition at
    commit; what the machine finds is that its refusal reaches people as a crash and not as an answer.
    """
    honest = publishing.signed_on
    patch.setattr(publishing, "check_signed", lambda *given: None)
    patch.setattr(publish, "check_signed", lambda *given: None)
    patch.setattr(publishing, "signed_on", lambda given: honest(given) if given else timezone.now().date())
    yield


@contextmanager
def without_a_trigger(patch: Patch) -> Iterator[None]:
    """(d) The database takes any edition from whoever can reach it.

    Out: the trigger that wants signatures, nothing else.
    """
    with dropped("editions_edition", "must_be_signed"):
        yield


@contextmanager
def reading_the_desk(patch: Patch) -> Iterator[None]:
    """(e) The public page shows the desk's row. Out: the look-up's own text, for any page that is public."""
    from monographs.models import DrugClassPage, MonographPage  # noqa: PLC0415

    honest = queries.parse_cached

    def from_the_row(canonical: str) -> Any:
        signed = honest(canonical)
        for model in (MonographPage, DrugClassPage):
            row = model.objects.filter(translation_key=signed.key).first()
            if row:
                return row.to_document()
        return signed

    patch.setattr(queries, "parse_cached", from_the_row)
    yield


@contextmanager
def without_reading(patch: Patch) -> Iterator[None]:
    """(f) Whoever may sign signs, whatever is left to read, to tick or to settle."""
    patch.setattr(progress.Progress, "verdict", lambda self: ALLOWED)
    yield


@contextmanager
def trigger_without(*clauses: str) -> Iterator[None]:
    """The function behind ``must_be_signed`` on editions, less the parts that match each of ``clauses``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(t.tgfoid) FROM pg_trigger t "
            "WHERE t.tgrelid = 'editions_edition'::regclass AND t.tgname LIKE 'pgtrigger_must_be_signed%'"
        )
        whole = cursor.fetchone()[0]
        cut = whole
        for clause in clauses:
            cut, found = re.subn(clause, "", cut, flags=re.DOTALL)
            if not found:
                raise LookupError(f"the trigger has no part like {clause}")
        cursor.execute(cut)
        try:
            yield
        finally:
            cursor.execute(whole)


@contextmanager
def dropped(table: str, name: str) -> Iterator[None]:
    """One trigger of a table is gone meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgname LIKE %s",
            [table, f"pgtrigger_{name}%"],
        )
        trigger, definition = cursor.fetchone()
        cursor.execute(f'DROP TRIGGER "{trigger}" ON {table}')
        try:
            yield
        finally:
            cursor.execute(definition)


#: Name → the fault, and the words of the finding that shows it was found for what it is.
FAULTS = {
    "contributor check removed": (without_contributor_check, "by people who did not write it"),
    "bound to the revision's id": (bound_to_the_revision, "byte for byte|had on the screen"),
    "last check skipped": (without_the_last_check, "no clear answer: IntegrityError"),
    "trigger dropped": (without_a_trigger, "was made by “forge_an_edition”"),
    "signed unread": (without_reading, "without having (read|ticked)|over open notes"),
    "page row read in public": (reading_the_desk, "says what|lacks signed words|shows"),
}

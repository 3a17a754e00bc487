"""Six seeded faults, each in every layer that would otherwise still enforce the rule.

Rules are enforced in the policy, at the end of a review, in the creation of editions and in the database. A
fault in one layer is caught by the next; so each fault here disables as many layers as it takes, as listed.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import ANY

import pytest
from django.db import connection
from django.utils import timezone

from monographs.document import CanonicalText
from monographs.editions import publishing, signatures
from monographs.public import queries
from monographs.review import progress
from monographs.review.policy import ALLOWED
from monographs.review.publication import publish

Patch = pytest.MonkeyPatch
#: Findings that identify a fault.
CONTRIBUTOR_SIGNED = "by people who did not write it"
NOT_ENTITLED = "without being entitled"


@contextmanager
def without_contributor_check(patch: Patch) -> Iterator[None]:
    """(a) Nobody counts as a contributor.

    Disabled: the list of excluded users, on which policy, edition and verification rest, and the
    clause of the database trigger that ignores their signatures. Only the oracle still knows who wrote what.
    """
    no_users = signatures.ExcludedUsers(frozenset(), frozenset())
    patch.setattr(
        signatures.ExcludedUsers, "from_contributors", classmethod(lambda cls, contributors: no_users)
    )
    clause = r"AND NOT EXISTS \(\s*SELECT 1 FROM editions_contribution c.*?r\.contribution_id = c\.id\)\)"
    with trigger_without(clause):
        yield


@contextmanager
def bound_to_the_revision(patch: Patch) -> Iterator[None]:
    """(b) The present content of the revision is published, by signatures of its id.

    Disabled: the comparison of hashes when signing and finishing, the hash in the query of signatures, and
    the comparison with the submission in the ledger: the last two in code and in the database trigger.
    """

    def latest(submission: Any) -> Any:
        return submission.page.specific.get_latest_revision()

    def given_to_the_submission(submission: Any, sha256: str) -> list[Any]:
        return list(signatures.Signature.objects.filter(submission=submission).order_by("signed_at", "pk"))

    original = publish.make_edition

    def what_the_revision_says(text: Any, *, submission: Any, **kwargs: Any) -> Any:
        sent = publish.Submission.objects.get(uuid=submission)
        text = CanonicalText.of(latest(sent).as_object().to_document())
        return original(text, submission=submission, **kwargs)

    signing = __import__("monographs.review.actions.sign", fromlist=["signing"])
    patch.setattr(signing, "check_unchanged", lambda submission: None)
    step = __import__("monographs.review.actions.step_signature", fromlist=["step"])
    for module in (publishing, step):
        patch.setattr(module, "signatures_for", given_to_the_submission)
    patch.setattr(publish, "make_edition", what_the_revision_says)
    patch.setattr(publishing, "recorded_submission", lambda key, submission: ANY)
    of_the_signature = r"AND s\.sha256 = NEW\.sha256"
    of_the_submission = r"IF \(asked->>'sha256', asked->'steps'\) IS DISTINCT FROM .*?END IF;"
    with trigger_without(of_the_signature, of_the_submission):
        yield


@contextmanager
def without_the_last_check(patch: Patch) -> Iterator[None]:
    """(c) At the end of the workflow the text is published, whether or not it is signed.

    Disabled: the checks of signatures in code, for the steps at submission and at present. The database still
    refuses the unsigned edition at commit; the machine finds that users then get a server error.
    """
    original = publishing.signed_on
    patch.setattr(publishing, "check_signed", lambda *given: None)
    patch.setattr(publishing, "signed_on", lambda given: original(given) if given else timezone.now().date())
    yield


@contextmanager
def without_a_trigger(patch: Patch) -> Iterator[None]:
    """(d) The database accepts unsigned editions.

    Disabled: the trigger that requires signatures.
    """
    with dropped("editions_edition", "must_be_signed"):
        yield


@contextmanager
def reading_page_rows(patch: Patch) -> Iterator[None]:
    """(e) The public page shows the Wagtail page. Disabled: the edition's own text."""
    from monographs.models import DrugClassPage, MonographPage  # noqa: PLC0415

    original = queries.parse_cached

    def from_the_row(canonical: str) -> Any:
        signed = original(canonical)
        for model in (MonographPage, DrugClassPage):
            row = model.objects.filter(translation_key=signed.key).first()
            if row:
                return row.to_document()
        return signed

    patch.setattr(queries, "parse_cached", from_the_row)
    yield


@contextmanager
def without_read_check(patch: Patch) -> Iterator[None]:
    """(f) A reviewer can sign with sections unread, statements unticked or notes open."""
    patch.setattr(progress.Progress, "verdict", lambda self: ALLOWED)
    yield


@contextmanager
def trigger_without(*clauses: str) -> Iterator[None]:
    """Remove the parts matching ``clauses`` from the trigger function ``must_be_signed`` of editions."""
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
def dropped(table: str, name: str, *, prefix: str = "pgtrigger_") -> Iterator[None]:
    """Drop a trigger of a table temporarily."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgname LIKE %s",
            [table, f"{prefix}{name}%"],
        )
        trigger, definition = cursor.fetchone()
        cursor.execute(f'DROP TRIGGER "{trigger}" ON {table}')
        try:
            yield
        finally:
            cursor.execute(definition)


#: Name → the fault, and a pattern of the finding that identifies it.
FAULTS = {
    "contributor check removed": (without_contributor_check, CONTRIBUTOR_SIGNED),
    "bound to the revision's id": (bound_to_the_revision, "byte for byte|had on the screen"),
    "last check skipped": (without_the_last_check, "server error: IntegrityError"),
    "trigger dropped": (without_a_trigger, "was made by “forge_an_edition”"),
    "signed unread": (without_read_check, "without having (read|ticked)|over open notes"),
    "page row read in public": (reading_page_rows, "says what|lacks signed words|shows"),
}

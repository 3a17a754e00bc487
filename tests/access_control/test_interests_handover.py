"""Bypass routes of conflicts of interest and of handovers: who declares, ends, signs and hands over."""

from typing import Any

import pytest

from monographs.core.db_clock import database_today
from monographs.editions.models import ConflictEnd, ConflictOfInterest
from monographs.pages.refusals import PolicyError
from monographs.review.actions import DeclareConflict
from monographs.review.models import Submission
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, UNSIGNED, user_of
from tests.factories import PASSWORD, sign


def key(attempt: Attempt) -> Any:
    return attempt.site.page(attempt.site.gamma).translation_key


def conflict_of(attempt: Attempt, role: str) -> ConflictOfInterest:
    person = user_of(role)
    return DeclareConflict(
        person, key(attempt), person, reason=UNSIGNED, starts_on=database_today()
    ).execute()


def form(role: str) -> dict[str, Any]:
    return {
        "person": user_of(role).pk, "reason": UNSIGNED, "starts_on": f"{database_today()}", "ends_on": ""
    }  # fmt: skip


@bypass_attempt("conflict: declared for somebody else", "writer", "reviewer", "superuser")
def test_for_others(attempt: Attempt) -> None:
    response = attempt.post("review:conflicts", key(attempt), data=form("other reviewer"))
    assert response.status_code == 400
    assert not ConflictOfInterest.objects.exists()
    attempt.harmless()


@bypass_attempt("conflict: ended by who is no editor", "writer", "reviewer", "superuser")
def test_ended_by_others(attempt: Attempt) -> None:
    made = conflict_of(attempt, "other reviewer")
    response = attempt.post("review:end_conflict", made.key, made.pk, data={"reason": "Over."})
    attempt.refused(response, "Only editors end")
    assert not ConflictEnd.objects.exists()


@bypass_attempt("conflict: ended by the person", "reviewer", "editor")
def test_ended_by_the_person(attempt: Attempt, role: str) -> None:
    made = conflict_of(attempt, role)
    response = attempt.post("review:end_conflict", made.key, made.pk, data={"reason": "Over."})
    attempt.refused(response, "your own")
    assert not ConflictEnd.objects.exists()


@pytest.mark.parametrize("name", ["conflicts", "end_conflict"])
@bypass_attempt("conflict: not signed in", ANONYMOUS)
def test_anonymous(attempt: Attempt, name: str) -> None:
    made = conflict_of(attempt, "other reviewer")
    arguments: list[Any] = [made.key] if name == "conflicts" else [made.key, made.pk]
    response = attempt.post(f"review:{name}", *arguments, data=form("other reviewer"))
    attempt.unreachable(response.status_code)
    assert not ConflictEnd.objects.exists()


@bypass_attempt("conflict: a text signed with one", "reviewer")
def test_signing(attempt: Attempt) -> None:
    made = conflict_of(attempt, "reviewer")
    submission = Submission.objects.get(key=made.key, status="in_review")
    attempt.refused_in_code(
        PolicyError, "conflict of interest", lambda: sign(submission, user_of("reviewer"))
    )


@bypass_attempt("handover: an account ended by who may not", "writer", "reviewer")
def test_handover_by_others(attempt: Attempt) -> None:
    leaver = user_of("other writer")
    response = attempt.post("handover:handover", leaver.pk, data={"password": PASSWORD})
    attempt.refused(response, "Only editors and administrators hand over")
    assert user_of("other writer").is_active


@bypass_attempt("handover: the own account, or an administrator's", "editor")
def test_handover_of_others(attempt: Attempt) -> None:
    for role, words in (("editor", "your own account"), ("superuser", "Only an administrator")):
        response = attempt.post("handover:handover", user_of(role).pk, data={"password": PASSWORD})
        attempt.refused(response, words)
        assert user_of(role).is_active


@bypass_attempt("handover: without the password", "editor", "superuser")
def test_handover_without_password(attempt: Attempt) -> None:
    response = attempt.post("handover:handover", user_of("reader").pk, data={"password": "guess"})
    assert response.status_code == 403
    assert user_of("reader").is_active
    attempt.outcome = "refused"

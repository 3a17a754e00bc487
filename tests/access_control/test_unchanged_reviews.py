"""Bypass routes of reviews after which nothing changes."""

from typing import Any

import pytest

from monographs.editions.models import Edition
from monographs.review.models import Submission
from monographs.review.progress import active_statements
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS
from tests.factories import PASSWORD

#: Roles that review.
REVIEWERS = ("reviewer", "superuser who reviews")


def form(attempt: Attempt, page: int = 0, **more: Any) -> dict[str, Any]:
    key = attempt.site.page(page or attempt.site.drug_class.pk).translation_key
    edition = Edition.objects.of(key).first()
    assert edition is not None
    statements = active_statements(edition.kind)
    return {"sha256": edition.sha256, "statements": statements, "password": PASSWORD, **more}


def post(attempt: Attempt, data: Any, page: int = 0) -> Any:
    return attempt.post("due:review", page or attempt.site.drug_class.pk, data=data)


def editions() -> int:
    return Edition.objects.count()


@bypass_attempt(
    "nothing to change: signed by those who may not", "writer", "other writer", "editor", "superuser"
)
def test_signing_without_right(attempt: Attempt) -> None:
    before = editions()
    attempt.refused(post(attempt, form(attempt)), "Only members of")
    assert editions() == before


@bypass_attempt("nothing to change: signed with a wrong password", *REVIEWERS)
def test_guessing(attempt: Attempt) -> None:
    before = editions()
    attempt.refused(post(attempt, form(attempt, password="guess")), "password is not right")
    assert editions() == before


@bypass_attempt("nothing to change: signed with another text's hash", "reviewer")
def test_another_hash(attempt: Attempt) -> None:
    before = editions()
    attempt.refused(post(attempt, form(attempt, sha256="0" * 64)), "Patients read another text")
    assert editions() == before


@bypass_attempt("nothing to change: signed without the checklist", *REVIEWERS)
def test_without_the_checklist(attempt: Attempt) -> None:
    assert post(attempt, form(attempt, statements=[])).status_code == 400
    assert post(attempt, form(attempt, statements=["Anything."])).status_code == 400
    attempt.harmless()


@pytest.mark.parametrize("page", ["alpha", "gamma"])
@bypass_attempt("nothing to change: signed over a draft or a text in review", *REVIEWERS)
def test_over_a_change(attempt: Attempt, page: str) -> None:
    pk, before = getattr(attempt.site, page), editions()
    response = post(attempt, form(attempt, pk), pk)
    attempt.refused(response, "An unpublished draft differs" if page == "alpha" else "is in review")
    assert editions() == before


@bypass_attempt("nothing to change: of a page that was never public", *REVIEWERS)
def test_a_draft(attempt: Attempt) -> None:
    attempt.unreachable(post(attempt, form(attempt), attempt.site.draft).status_code)
    assert not Submission.objects.filter(key=attempt.site.page(attempt.site.draft).translation_key).exists()


@bypass_attempt("nothing to change: signed by an address alone", *REVIEWERS)
def test_signing_by_get(attempt: Attempt) -> None:
    before = editions()
    attempt.client.get("/admin/due-reviews/", form(attempt))
    attempt.client.get(f"/admin/due-reviews/{attempt.site.drug_class.pk}/", form(attempt))
    assert editions() == before
    attempt.harmless()


@bypass_attempt("nothing to change: its screens read by an anonymous client", ANONYMOUS)
def test_screens(attempt: Attempt) -> None:
    page = attempt.site.drug_class.pk
    answers = [
        attempt.get("due:list"),
        attempt.get("due:begin", query=f"?page={page}"),
        attempt.get("due:review", page),
        attempt.get("due:text", page),
    ]
    assert all(answer.url.startswith("/admin/login/") for answer in answers)
    assert post(attempt, form(attempt)).status_code == 401  # asked to sign in
    attempt.unreachable(*(answer.status_code for answer in answers))

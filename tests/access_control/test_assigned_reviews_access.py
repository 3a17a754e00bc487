"""Bypass routes of who is asked for due reviews: only editors ask, and only people who could sign."""

from typing import Any

from django.urls import reverse

from monographs.editions.queries import public_edition
from monographs.review.assignments import assignment_stamp
from monographs.review.models import ReviewAssignment
from tests.access_control.attempt import REFUSED, UNREACHABLE, Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, user_of


def form(attempt: Attempt, reviewer: str, **more: Any) -> dict[str, Any]:
    page = attempt.site.page(attempt.site.alpha)
    edition = public_edition(page.translation_key)
    assert edition
    row = f"{page.translation_key}:{assignment_stamp(page.translation_key, edition.next_due, None)}"
    return {"change": "ask", "reviewer": str(user_of(reviewer).pk), "row": row, **more}


@bypass_attempt("due review: asked of somebody by who may not", "writer", "reviewer", "superuser")
def test_asking_without_right(attempt: Attempt) -> None:
    response = attempt.post("due:assign", data=form(attempt, "reviewer"))
    if attempt.user.is_superuser:  # sees the list, and is refused at each review
        assert "Only editors ask" in response.content.decode()
        assert attempt.is_recorded_in_ledger()
        attempt.outcome = REFUSED
    else:
        attempt.refused(response)
    assert not ReviewAssignment.objects.exists()


@bypass_attempt("due review: asked of its writer, who is no reviewer", "editor")
def test_asking_the_writer(attempt: Attempt) -> None:
    response = attempt.post("due:assign", data=form(attempt, "writer"), query="?show=year")
    assert response.status_code == 400
    assert "Select a valid choice" in response.content.decode()
    assert not ReviewAssignment.objects.exists()
    attempt.outcome = REFUSED


@bypass_attempt("due review: asked of somebody without signing in", ANONYMOUS)
def test_asking_without_signing_in(attempt: Attempt) -> None:
    response = attempt.client.post(reverse("due:assign"), form(attempt, "reviewer"))
    assert response.status_code == 401
    assert not ReviewAssignment.objects.exists()
    attempt.outcome = UNREACHABLE

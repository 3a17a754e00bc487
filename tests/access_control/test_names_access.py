"""Bypass routes of older names: other people's drafts submitted, and names that nobody signed."""

from typing import Any

from monographs.editions.models import ReviewKind
from monographs.models import DrugClassPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import NewName, TakeOverNames
from monographs.review.models import ReviewBundle, Submission
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, ROLES, SHELL, UNSIGNED, user_of
from tests.review.renamed_pages import names_seen

NOT_EDITORS = ("writer", "reviewer", "superuser", "superuser who reviews")


def post(attempt: Attempt, page: Any) -> Any:
    """Submit a medicine with the newer name of its class."""
    renamed = attempt.site.page(attempt.site.renamed)
    data = {
        "name": renamed.title,
        "page": [f"{page.pk}:{page.latest_revision_id}:{names_seen(page)}"],
        "change_note": f"{UNSIGNED} note.",
        "reason": "Why.",
    }
    return attempt.post("renamed:page", renamed.translation_key, data=data)


@bypass_attempt("older names: listed in the admin, for nobody else", *ROLES, ANONYMOUS)
def test_listing_older_names(attempt: Attempt) -> None:
    key = attempt.site.page(attempt.site.renamed).translation_key
    answers = [attempt.get("renamed:list"), attempt.get("renamed:page", key)]
    if attempt.user is None:
        attempt.unreachable(*(answer.status_code for answer in answers))
        return
    assert all(answer.status_code == 200 for answer in answers)
    assert b"inhibitinib" in answers[1].content
    attempt.harmless()


@bypass_attempt("older names: drafts submitted by those who may not", *NOT_EDITORS)
def test_taking_over_without_right(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.named)
    attempt.refused(post(attempt, page), "Only editors")
    assert attempt.site.page(page.pk).latest_revision_id == page.latest_revision_id


@bypass_attempt("older names: a draft with a newer name submitted, which publishes nothing", "editor")
def test_taking_over(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.named)
    answer = post(attempt, page)
    assert [outcome.title for outcome in answer.context["done"]] == [page.title]
    attempt.harmless()


@bypass_attempt("older names: somebody’s waiting draft submitted with the name", "editor")
def test_taking_over_in_a_waiting_draft(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    answer = post(attempt, page)
    assert [outcome.title for outcome in answer.context["refused"]] == [page.title]
    assert not ReviewBundle.objects.exists()
    attempt.harmless()


@bypass_attempt("older names: a name that nobody signed submitted as a class’s newer one", SHELL)
def test_taking_over_an_unsigned_name(attempt: Attempt) -> None:
    page, renamed = (attempt.site.page(pk) for pk in (attempt.site.named, attempt.site.renamed))
    DrugClassPage.objects.filter(pk=renamed.pk).update(title=f"{UNSIGNED} inhibitors")
    before = Submission.objects.count()
    change = NewName(
        renamed.translation_key,
        f"{UNSIGNED} inhibitors",
        title="Renamed",
        change_note="Why.",
        reason="Why.",
        review_kind=ReviewKind.FULL_REVIEW,
    )
    seen = names_seen(page)
    action = TakeOverNames(user_of("editor"), page, change, revision=page.latest_revision_id, seen=seen)
    attempt.refused_in_code(PolicyError, "differs from what patients read", action.execute)
    assert Submission.objects.count() == before

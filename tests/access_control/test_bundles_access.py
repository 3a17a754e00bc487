"""Bypass routes of bundles, and of find and replace."""

from typing import Any

import pytest
from django.db import transaction

from monographs.editions.models import Signature
from monographs.pages.refusals import PolicyError
from monographs.review.actions import MakeBundle, SignBundle
from monographs.review.models import MedicalReviewTask, Note, ReviewBundle, SectionRead, Submission
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, ROLES, SHELL, UNSIGNED, user_of
from tests.factories import PASSWORD, edit, read_all, submit

REVIEWERS = ("reviewer", "superuser who reviews")
NOT_EDITORS = ("writer", "reviewer", "superuser", "superuser who reviews")


def second(attempt: Attempt) -> Submission:
    """Submit a second text of unsigned words."""
    edit(attempt.site.page(attempt.site.alpha), user_of("writer"), how_it_works=f"{UNSIGNED} in a bundle.")
    return submit(attempt.site.page(attempt.site.alpha), user_of("writer"))


def bundle(attempt: Attempt) -> ReviewBundle:
    """Put the text in review and a second one together."""
    texts = [attempt.site.submission(), second(attempt)]
    return MakeBundle(user_of("editor"), texts, title=f"{UNSIGNED} bundle").execute()


def form(made: ReviewBundle, **more: str) -> dict[str, str]:
    return {"sha256": bundle_hash(members_of_bundle(made)), "password": PASSWORD, **more}


def unsigned(made: ReviewBundle) -> bool:
    return not Signature.objects.filter(
        submission__in=[member.uuid for member in members_of_bundle(made)]
    ).exists()


@bypass_attempt("bundle: read in the admin, by nobody else", *ROLES, ANONYMOUS)
def test_reading_a_bundle(attempt: Attempt) -> None:
    made = bundle(attempt)
    text = members_of_bundle(made)[0].pk
    answers = [
        attempt.get("bundles:list"),
        attempt.get("bundles:bundle", made.pk),
        attempt.get("bundles:text", made.pk, text),
    ]
    if attempt.user is None:
        attempt.unreachable(*(answer.status_code for answer in answers))
        return
    assert all(answer.status_code == 200 for answer in answers)
    attempt.harmless()


@bypass_attempt("bundle: made by those who may not", *NOT_EDITORS)
def test_making_a_bundle(attempt: Attempt) -> None:
    data = {"title": "Mine", "text": [attempt.site.in_review]}
    attempt.refused(attempt.post("bundles:list", data=data), "Only editors put texts into a bundle")
    assert not ReviewBundle.objects.exists()


@bypass_attempt("bundle: added to by those who may not", *NOT_EDITORS)
def test_adding_to_a_bundle(attempt: Attempt) -> None:
    made = MakeBundle(user_of("editor"), [second(attempt)], title="Mine").execute()
    response = attempt.post("bundles:add", made.pk, data={"text": [attempt.site.in_review]})
    attempt.refused(response, "Only editors put texts into a bundle")
    assert made.submissions.count() == 1


@bypass_attempt("bundle: a shared change marked by those who do not review", "writer", "editor", "superuser")
def test_marking_a_shared_change(attempt: Attempt) -> None:
    made = bundle(attempt)
    data = {"seen": bundle_hash(members_of_bundle(made)), "digest": "0" * 64}
    attempt.refused(attempt.post("bundles:mark_same", made.pk, data=data), "not part of the text in review")
    assert not SectionRead.objects.filter(user=attempt.user).exists()


@bypass_attempt("bundle: made", "editor")
def test_a_bundle_alone(attempt: Attempt) -> None:
    attempt.post("bundles:list", data={"title": UNSIGNED, "text": [attempt.site.in_review]})
    assert ReviewBundle.objects.get().submissions.count() == 1
    attempt.harmless()


@bypass_attempt("bundle: signed by those who may not", "writer", "editor", "superuser")
def test_signing_without_right(attempt: Attempt) -> None:
    made = bundle(attempt)
    response = attempt.post("bundles:sign", made.pk, data=form(made))
    attempt.refused(response, "Only members of Medical reviewers")
    assert unsigned(made)


@pytest.mark.parametrize(
    ("data", "words"),
    [({"password": "guess"}, "That password is not right"), ({"sha256": "0" * 64}, "The bundle changed")],
    ids=["password", "texts"],
)
@bypass_attempt("bundle: signed with a wrong password, or other texts", *REVIEWERS)
def test_signing_wrongly(attempt: Attempt, data: dict[str, str], words: str) -> None:
    made = bundle(attempt)
    for member in members_of_bundle(made):
        read_all(member, attempt.user)
    attempt.refused(attempt.post("bundles:sign", made.pk, data=form(made, **data)), words)
    assert unsigned(made)


@bypass_attempt("bundle: signed unread", *REVIEWERS)
def test_signing_unread(attempt: Attempt) -> None:
    """One of two texts is read: neither is signed."""
    made = bundle(attempt)
    read_all(members_of_bundle(made)[0], attempt.user)
    response = attempt.post("bundles:sign", made.pk, data=form(made))
    attempt.refused(response, "Nothing was signed", "mark it as read")
    assert unsigned(made)


@bypass_attempt("bundle: signed by the author of one of its texts", "reviewer")
def test_signing_with_an_own_text(attempt: Attempt) -> None:
    edit(attempt.site.page(attempt.site.alpha), attempt.user, how_it_works=f"{UNSIGNED}, mine.")
    own = submit(attempt.site.page(attempt.site.alpha), user_of("writer"))
    texts = [attempt.site.submission(), own]
    made = MakeBundle(user_of("editor"), texts, title="With mine").execute()
    for member in texts:
        read_all(member, attempt.user)
    attempt.refused(attempt.post("bundles:sign", made.pk, data=form(made)), "You changed this text")
    assert unsigned(made)


@bypass_attempt("bundle: one of its texts signed by itself", *REVIEWERS)
def test_signing_a_part(attempt: Attempt) -> None:
    bundle(attempt)
    member = attempt.site.submission()
    read_all(member, attempt.user)
    data = {"sha256": member.sha256, "password": PASSWORD}
    attempt.refused(attempt.post("review:sign", member.pk, data=data), "signed as one")


@bypass_attempt("bundle: the review of one of its texts ended in code", SHELL)
def test_ending_a_part_in_code(attempt: Attempt) -> None:
    made = bundle(attempt)
    reviewer = user_of("reviewer")
    for member in members_of_bundle(made):
        read_all(member, reviewer)
    MedicalReviewTask.objects.update(signatures=2)
    SignBundle(reviewer, made, seen=form(made)["sha256"], password=PASSWORD).execute()
    MedicalReviewTask.objects.update(signatures=1)
    state = members_of_bundle(made)[0].workflow_state.current_task_state

    def approve() -> None:
        with transaction.atomic():
            state.approve(user=reviewer)

    attempt.refused_in_code(PolicyError, "would stay behind", approve)


@bypass_attempt("bundle: returned, taken apart or marked by those who may not", "writer")
def test_other_acts(attempt: Attempt) -> None:
    made = bundle(attempt)
    member = members_of_bundle(made)[0]
    back = attempt.post("bundles:return", made.pk, data={"sha256": form(made)["sha256"], "reason": "No."})
    attempt.refused(back, "Only members of Medical reviewers")
    attempt.refused(
        attempt.post("bundles:take_out", made.pk, data={"text": member.pk}), "Only editors put texts"
    )
    attempt.refused(attempt.post("bundles:mark", made.pk, data={"text": member.pk}), "Only members")
    assert {each.status for each in members_of_bundle(made)} == {"in_review"}


@bypass_attempt("bundle: a text of another review marked or taken out", "editor")
def test_a_text_of_no_bundle(attempt: Attempt) -> None:
    made = MakeBundle(user_of("editor"), [second(attempt)], title="Another").execute()
    data = {"text": attempt.site.in_review}
    answers = [attempt.post(f"bundles:{name}", made.pk, data=data) for name in ("mark", "take_out")]
    attempt.unreachable(*(answer.status_code for answer in answers))


@bypass_attempt("find and replace: by those who may not", *NOT_EDITORS)
def test_replacing_without_right(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.gamma)
    before = page.latest_revision_id
    attempt.refused(attempt.post("bundles:replace", data=replacement(page)), "Only editors")
    assert attempt.site.page(page.pk).latest_revision_id == before


@bypass_attempt("find and replace: in a page in review, and in a draft over a signed page", "editor")
def test_replacing_where_it_is_not_allowed(attempt: Attempt) -> None:
    for pk in (attempt.site.gamma, attempt.site.alpha, attempt.site.draft):
        page = attempt.site.page(pk)
        before = page.latest_revision_id
        answer: Any = attempt.post("bundles:replace", data=replacement(page))
        assert [outcome.title for outcome in answer.context["refused"]] == [page.title]
        assert attempt.site.page(pk).latest_revision_id == before
    attempt.harmless()


def replacement(page: Any) -> dict[str, Any]:
    return {
        "words": "about",
        "whole_words": "on",
        "new_words": UNSIGNED,
        "change_note": f"{UNSIGNED} note.",
        "reason": "Why.",
        "review_kind": "full_review",
        "hit": [f"{page.pk}:{page.latest_revision_id}:0"],
    }


@bypass_attempt("bundle: a note left by those who do not review", "writer", "editor", "superuser")
def test_leaving_a_note(attempt: Attempt) -> None:
    made = bundle(attempt)
    data = {"text": attempt.site.in_review, "section": "how_it_works", "body": "Mine."}
    attempt.refused(attempt.post("bundles:note", made.pk, data=data), "Only members of")
    assert not Note.objects.exists()

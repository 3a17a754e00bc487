"""Bypass routes of claims: they are shown, and decide nothing."""

from django.urls import reverse

from monographs.review.actions import Claim, MakeBundle
from monographs.review.models import ReviewClaim, SubmissionView
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, user_of


@bypass_attempt("claim: by those who may not review", "writer", "editor", "superuser")
def test_claiming_without_right(attempt: Attempt) -> None:
    response = attempt.post("review:claim", attempt.site.in_review, data={"act": "claim"})
    attempt.refused(response, "Only members of")
    assert not ReviewClaim.objects.exists()


@bypass_attempt("claim: taken from somebody else", "reviewer", "superuser who reviews")
def test_claiming_what_is_claimed(attempt: Attempt) -> None:
    Claim(user_of("other reviewer"), attempt.site.submission()).execute()
    response = attempt.post("review:claim", attempt.site.in_review, data={"act": "claim"})
    attempt.refused(response, "has claimed this text until")
    assert ReviewClaim.objects.get().user == user_of("other reviewer")


@bypass_attempt("claim: released by somebody else", "writer", "reviewer", "superuser")
def test_releasing(attempt: Attempt) -> None:
    Claim(user_of("other reviewer"), attempt.site.submission()).execute()
    response = attempt.post("review:claim", attempt.site.in_review, data={"act": "release"})
    attempt.refused(response, "or an editor releases this claim")
    assert ReviewClaim.objects.exists()


@bypass_attempt("claim: who looks at a text, asked by an outsider", "reader", ANONYMOUS)
def test_asking_who_looks(attempt: Attempt) -> None:
    address = reverse("review:looking", args=[attempt.site.in_review])
    answers = [attempt.client.post(address), attempt.client.get(address)]
    assert all(answer.status_code in (302, 401) for answer in answers)
    assert not SubmissionView.objects.filter(user=attempt.user).exists()
    attempt.unreachable(answers[1].status_code)


@bypass_attempt("claim: of a bundle, by those who may not review", "writer", "editor", "superuser")
def test_claiming_a_bundle_without_right(attempt: Attempt) -> None:
    made = MakeBundle(user_of("editor"), [attempt.site.submission()], title="Together").execute()
    response = attempt.post("bundles:claim", made.pk, data={"act": "claim"})
    attempt.refused(response, "Nothing was claimed.", "Only members of")
    assert not ReviewClaim.objects.exists()


@bypass_attempt("claim: of a bundle, of which somebody else claimed a text", "reviewer")
def test_claiming_a_bundle_that_is_claimed(attempt: Attempt) -> None:
    made = MakeBundle(user_of("editor"), [attempt.site.submission()], title="Together").execute()
    Claim(user_of("other reviewer"), attempt.site.submission()).execute()
    for act, words in (("claim", "Nothing was claimed."), ("release", "or an editor releases this claim")):
        attempt.refused(attempt.post("bundles:claim", made.pk, data={"act": act}), words)
    assert ReviewClaim.objects.get().user == user_of("other reviewer")


@bypass_attempt("claim: who looks at a bundle, asked by an outsider", "reader", ANONYMOUS)
def test_asking_who_looks_at_a_bundle(attempt: Attempt) -> None:
    made = MakeBundle(user_of("editor"), [attempt.site.submission()], title="Together").execute()
    response = attempt.client.post(reverse("bundles:looking", args=[made.pk]))
    assert response.status_code in (302, 401)
    assert not SubmissionView.objects.filter(user=attempt.user).exists()
    attempt.unreachable(attempt.get("bundles:looking", made.pk).status_code)


@bypass_attempt("claim: leading out of the admin", "reviewer")
def test_a_claim_that_leads_elsewhere(attempt: Attempt) -> None:
    data = {"act": "claim", "next": "//evil.example/admin/"}
    response = attempt.post("review:claim", attempt.site.in_review, data=data)
    assert response["Location"] == reverse("review:review", args=[attempt.site.in_review])
    attempt.harmless()

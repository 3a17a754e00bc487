"""Claims in the queue and of bundles, and who has them open."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.core.db_clock import database_now
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Claim, ClaimBundle, MakeBundle, Recall, ReleaseBundle
from monographs.review.models import ReviewBundle, ReviewClaim, Submission, SubmissionView
from monographs.review.queue.queue_rows import add_details, queue_for
from tests.factories import make_monograph, make_user, submit

pytestmark = pytest.mark.django_db

QUEUE = reverse("review:queue")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user: Any, address: str = QUEUE) -> str:
    return " ".join(client_of(user).get(address).content.decode().split())


@pytest.fixture
def text(writer: Any) -> Submission:
    return submit(make_monograph(by=writer), writer)


@pytest.fixture
def texts(writer: Any) -> list[Submission]:
    return [submit(make_monograph(name, by=writer), writer) for name in ("alphamab", "betamab", "gammamab")]


@pytest.fixture
def bundle(editor: Any, texts: list[Submission]) -> ReviewBundle:
    return MakeBundle(editor, texts, title="Renaming").execute()


def test_a_text_is_claimed_and_released_in_the_queue(text: Submission, reviewer: Any, reviewer2: Any) -> None:
    client, address = client_of(reviewer), reverse("review:claim", args=[text.pk])
    row = f"{QUEUE}?p=1#text-{text.pk}"
    page = client.get(QUEUE, {"p": 1}).content.decode()
    assert address in page
    assert f'id="text-{text.pk}"' in page
    assert f'name="next" value="{row}"' in page
    answer = client.post(address, {"act": "claim", "next": row})
    assert answer["Location"] == row
    assert "You claimed it" in shown(reviewer)
    assert 'value="claim"' not in shown(reviewer)
    assert "Claimed by Reviewer Tester" in shown(reviewer2)
    assert address not in shown(reviewer2), "neither claimed nor released by others"
    answer = client_of(reviewer2).post(address, {"act": "claim", "next": row}, follow=True)
    assert "has claimed this text until" in answer.content.decode()
    assert answer.request["PATH_INFO"] == QUEUE
    client.post(address, {"act": "release", "next": row})
    assert not ReviewClaim.objects.exists()


@pytest.mark.parametrize("address", ["", "//evil.example/admin/", "https://evil.example/admin/", "/"])
def test_a_claim_leads_to_the_review_unless_it_is_posted_elsewhere_in_the_admin(
    address: str, text: Submission, reviewer: Any
) -> None:
    answer = client_of(reviewer).post(
        reverse("review:claim", args=[text.pk]), {"act": "claim", "next": address}
    )
    assert answer["Location"] == reverse("review:review", args=[text.pk])


def test_only_rows_that_wait_for_the_user_can_be_claimed_in_the_queue(
    text: Submission, writer: Any, reviewer: Any
) -> None:
    own = submit(make_monograph("ownmab", by=reviewer), writer)
    assert reverse("review:claim", args=[text.pk]) in shown(reviewer)
    assert reverse("review:claim", args=[own.pk]) not in shown(reviewer)
    assert reverse("review:claim", args=[text.pk]) not in shown(writer)


def test_an_editor_who_reviews_releases_a_claim_in_the_queue(text: Submission, reviewer: Any) -> None:
    both = make_user("both", "Editors", "Medical reviewers", credentials="MD")
    Claim(reviewer, text).execute()
    assert 'value="release"' in shown(both)
    assert 'value="claim"' not in shown(both)
    client_of(both).post(reverse("review:claim", args=[text.pk]), {"act": "release"})
    assert not ReviewClaim.objects.exists()


def test_the_queue_says_who_has_a_text_open(text: Submission, reviewer: Any, reviewer2: Any) -> None:
    client_of(reviewer2).get(reverse("review:review", args=[text.pk]))
    assert "Open now: Reviewer2 Tester" in shown(reviewer)
    assert "Open now" not in shown(reviewer2)
    SubmissionView.objects.update(last_at=database_now() - timedelta(minutes=2))
    assert "Open now" not in shown(reviewer)


def test_a_bundle_is_claimed_with_all_texts_in_review(
    bundle: ReviewBundle, texts: list[Submission], writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    Recall(writer, texts[0]).execute()
    address, screen = (reverse(f"bundles:{name}", args=[bundle.pk]) for name in ("claim", "bundle"))
    assert "Claim this bundle" in shown(reviewer, screen)
    assert client_of(reviewer).get(address)["Location"] == screen
    answer = client_of(reviewer).post(address, {"act": "claim"})
    assert answer["Location"] == screen
    claims = ReviewClaim.objects.all()
    assert {claim.submission_id for claim in claims} == {text.pk for text in texts[1:]}
    assert {claim.user for claim in claims} == {reviewer}
    assert "You have claimed this bundle" in shown(reviewer, screen)
    assert "Reviewer Tester has claimed this bundle" in shown(reviewer2, screen)
    assert "Claim this bundle" not in shown(reviewer2, screen)
    client_of(reviewer).post(address, {"act": "release"})
    assert not ReviewClaim.objects.exists()


def test_a_bundle_of_which_somebody_else_claimed_a_text_is_not_claimed(
    bundle: ReviewBundle, texts: list[Submission], writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    Claim(reviewer2, texts[1]).execute()
    with pytest.raises(PolicyError, match="“betamab”: Reviewer2 Tester has claimed") as refusal:
        ClaimBundle(reviewer, bundle).execute()
    assert refusal.value.rule == Rule.CLAIMED
    assert ReviewClaim.objects.get().user == reviewer2
    with pytest.raises(PolicyError, match=r"Nothing was claimed\. .* Only members of"):
        ClaimBundle(writer, bundle).execute()
    screen = shown(reviewer, reverse("bundles:bundle", args=[bundle.pk]))
    assert "Reviewer2 Tester has claimed some of its pages" in screen
    (row,) = add_details(reviewer, queue_for(reviewer))
    assert row.claims is not None
    assert (row.claims.others, row.claims.may_claim, row.may_release) == (["Reviewer2 Tester"], False, False)


def test_a_claim_of_one_text_becomes_one_of_its_bundle(
    bundle: ReviewBundle, texts: list[Submission], reviewer: Any
) -> None:
    Claim(reviewer, texts[0]).execute()
    assert "You claimed some of its pages" in shown(reviewer)
    ReviewClaim.objects.update(until=database_now() - timedelta(hours=1))
    ClaimBundle(reviewer, bundle).execute()
    assert ReviewClaim.objects.filter(until__gt=database_now()).count() == len(texts)
    assert "You claimed it" in shown(reviewer)
    assert reverse("bundles:claim", args=[bundle.pk]) in shown(reviewer)


def test_a_bundle_is_released_by_its_holder_or_an_editor(
    bundle: ReviewBundle, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    for by in (reviewer, editor):
        ClaimBundle(reviewer, bundle).execute()
        with pytest.raises(PolicyError, match="Only Reviewer Tester or an editor"):
            ReleaseBundle(reviewer2, bundle).execute()
        ReleaseBundle(by, bundle).execute()
        assert not ReviewClaim.objects.exists()
    ReleaseBundle(reviewer2, bundle).execute()  # nothing to release


def test_a_bundle_whose_review_has_ended_is_not_claimed(
    bundle: ReviewBundle, texts: list[Submission], writer: Any, reviewer: Any
) -> None:
    for text in texts:
        Recall(writer, text).execute()
    with pytest.raises(PolicyError, match="No text of this bundle is in review any more"):
        ClaimBundle(reviewer, bundle).execute()
    assert "Claim this bundle" not in shown(reviewer, reverse("bundles:bundle", args=[bundle.pk]))


def test_a_bundle_says_who_has_it_or_one_of_its_texts_open(
    bundle: ReviewBundle, texts: list[Submission], writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    screen, report = (reverse(f"bundles:{name}", args=[bundle.pk]) for name in ("bundle", "looking"))
    assert client_of(reviewer).get(screen).status_code == 200
    assert SubmissionView.objects.filter(user=reviewer).count() == len(texts)
    client_of(writer).get(reverse("review:review", args=[texts[2].pk]))
    assert "Open now on other screens: Reviewer Tester, Writer Tester" in shown(reviewer2, screen)
    assert "Open now: Reviewer Tester, Writer Tester, Reviewer2 Tester" not in shown(reviewer2)
    answer = client_of(reviewer).post(report)
    assert sorted(answer.json()["people"]) == ["Reviewer2 Tester", "Writer Tester"]
    review = shown(reviewer2, reverse("review:review", args=[texts[0].pk]))
    assert "Open now on other screens: Reviewer Tester" in review
    for text in texts:
        Recall(writer, text).execute()
    assert client_of(reviewer).post(report).json() == {"people": []}

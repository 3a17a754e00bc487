"""Two reviewers who claim the same text at once: one has it, the other is told who."""

from collections.abc import Callable
from typing import Any

import pytest

from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Claim, ClaimBundle, MakeBundle, Release
from monographs.review.models import ReviewBundle, ReviewClaim, Submission
from tests.factories import make_monograph, submit
from tests.races.connections import SECONDS, elsewhere, held, waits_for_page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def texts(writer: Any) -> list[Submission]:
    return [submit(make_monograph(name, by=writer), writer) for name in ("alphamab", "betamab")]


@pytest.fixture
def bundle(editor: Any, texts: list[Submission]) -> ReviewBundle:
    return MakeBundle(editor, texts, title="Renaming").execute()


def refusal_of(first: Callable[[], Any], second: Callable[[], Any]) -> BaseException | None:
    """Try ``second`` on a connection of its own while ``first`` is not committed; return why it failed."""
    with elsewhere() as run:
        with held(first):
            attempt = run(second)
            assert waits_for_page(attempt)
        return attempt.exception(SECONDS)


def holders() -> set[int]:
    return set(ReviewClaim.objects.values_list("user", flat=True))


def assert_claimed(refusal: BaseException | None) -> None:
    assert isinstance(refusal, PolicyError)
    assert refusal.rule == Rule.CLAIMED
    assert "Reviewer Tester has claimed this text until" in refusal.message


def test_one_of_two_has_the_text(texts: list[Submission], reviewer: Any, reviewer2: Any) -> None:
    assert_claimed(refusal_of(Claim(reviewer, texts[0]).execute, Claim(reviewer2, texts[0]).execute))
    assert holders() == {reviewer.pk}


def test_one_of_two_has_the_bundle(bundle: ReviewBundle, reviewer: Any, reviewer2: Any) -> None:
    assert_claimed(refusal_of(ClaimBundle(reviewer, bundle).execute, ClaimBundle(reviewer2, bundle).execute))
    assert holders() == {reviewer.pk}
    assert ReviewClaim.objects.count() == 2


def test_a_bundle_waits_for_the_claim_of_one_of_its_texts(
    bundle: ReviewBundle, texts: list[Submission], reviewer: Any, reviewer2: Any
) -> None:
    assert_claimed(refusal_of(Claim(reviewer, texts[1]).execute, ClaimBundle(reviewer2, bundle).execute))
    assert ReviewClaim.objects.get().submission == texts[1]


def test_a_claim_that_waits_for_a_release_holds(
    texts: list[Submission], reviewer: Any, reviewer2: Any
) -> None:
    Claim(reviewer, texts[0]).execute()
    assert refusal_of(Release(reviewer, texts[0]).execute, Claim(reviewer2, texts[0]).execute) is None
    assert holders() == {reviewer2.pk}

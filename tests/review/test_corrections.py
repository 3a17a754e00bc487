"""Which drafts can be submitted as a correction, and what the writer is told."""

from typing import Any

import pytest
from django.urls import reverse

from monographs.editions.models import Edition, LedgerEntry, ReviewKind
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Withdraw
from monographs.review.models import Submission
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, make_monograph, publish, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(writer: Any, reviewer: Any) -> Any:
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works="Take 5 mg with a sip. It makes blood celsl grow.")
    publish(page, writer, reviewer)
    return page


GRAVE = {
    "number": {"how_it_works": "Take 50 mg with a sip. It makes blood celsl grow."},
    "unit": {"how_it_works": "Take 5 mcg with a sip. It makes blood celsl grow."},
    "negation": {"how_it_works": "Take 5 mg with a sip. It never makes blood celsl grow."},
    "indication": {"who_should_take_it": "About all of them."},
    "contraindication": {"who_should_not_take_it": "About none of them."},
}


@pytest.mark.parametrize("kind", GRAVE)
def test_a_change_that_needs_a_full_review_is_refused_as_a_correction(
    page: Any, writer: Any, kind: str
) -> None:
    edit(page, writer, **GRAVE[kind])
    with pytest.raises(PolicyError, match="Choose “Full review”") as refused:
        submit(page, writer, kind=ReviewKind.CORRECTION)
    assert refused.value.rule is Rule.NOT_A_CORRECTION
    assert not Submission.objects.filter(review_kind=ReviewKind.CORRECTION).exists()
    assert "not_a_correction" in LedgerEntry.objects.get(event="refused").body
    assert submit(page, writer).review_kind == ReviewKind.FULL_REVIEW


def test_a_typing_error_is_corrected(page: Any, writer: Any, reviewer: Any) -> None:
    edit(page, writer, how_it_works="Take 5 mg with a sip. It makes blood cells grow.")
    publish(page, writer, reviewer, kind=ReviewKind.CORRECTION)
    second, first = Edition.objects.order_by("-number")
    assert (second.review_kind, second.last_reviewed) == ("correction", first.last_reviewed)


def test_corrections_together_change_no_more_than_one_may(page: Any, writer: Any, reviewer: Any) -> None:
    words = "Take 5 mg with a sip. It makes blood celsl grow."
    edit(page, writer, how_it_works=f"{words} This old pump.")
    publish(page, writer, reviewer, kind=ReviewKind.CORRECTION)
    edit(page, writer, how_it_works=f"{words} This old pump sits near that river.")
    with pytest.raises(PolicyError, match="not only to fix them"):
        submit(page, writer, kind=ReviewKind.CORRECTION)


def test_a_withdrawn_page_does_not_come_back_as_a_correction(page: Any, writer: Any, reviewer: Any) -> None:
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()
    edit(page, writer, how_it_works="Take 5 mg with a sip. It makes blood cells grow.")
    with pytest.raises(PolicyError, match="withdrawn page comes back by a full review"):
        submit(page, writer, kind=ReviewKind.CORRECTION)


def test_the_screen_says_why_at_the_choice_of_review(page: Any, writer: Any) -> None:
    edit(page, writer, how_it_works="Take 50 mg with a sip. It makes blood celsl grow.")
    client = as_user(writer)
    address = f"/admin/review/submit/{page.pk}/"
    shown = client.get(address).content.decode()
    assert "This change needs a full review: 1 reason" in shown
    link = f'<a href="/admin/pages/{page.pk}/edit/#place=how_it_works&amp;words=50">How it works</a>'
    assert f"{link}: a number changed (“5” → “50”)" in shown
    refused = client.post(address, {"review_kind": "correction", "reason": "New label."})
    assert refused.status_code == 403
    assert "How it works: a number changed (“5” → “50”)" in refused.content.decode()
    edit(page, writer, how_it_works="Take 5 mg with a sip. It makes blood cells grow.")
    assert "needs a full review:" not in client.get(address).content.decode()


def test_a_first_edition_is_offered_no_correction(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    client, address = as_user(writer), reverse("review:submit", args=[page.pk])
    assert "Correction:" not in client.get(address).content.decode()
    form = {"review_kind": ReviewKind.CORRECTION, "reason": "A typing error."}
    refused = client.post(address, form)
    assert refused.status_code == 403
    assert "A first edition needs a full review." in refused.content.decode()
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It works.")
    assert "Correction:" in client.get(address).content.decode()

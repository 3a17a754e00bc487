"""A submission that changes nothing is refused, unless it says so."""

from typing import Any

import pytest
from django.urls import reverse

from monographs.editions.queries import current_edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Withdraw
from tests.conftest import as_user
from tests.factories import (
    PASSWORD,
    edit,
    make_monograph,
    publish,
    sign,
    submit,
)

pytestmark = pytest.mark.django_db


def test_a_submission_that_changes_nothing_is_refused_unless_it_says_so(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    with pytest.raises(PolicyError, match="Nothing has changed: patients read exactly this text") as refusal:
        submit(page, writer)
    assert refusal.value.rule == Rule.NOTHING_CHANGED
    sign(submit(page, writer, nothing_to_change=True), reviewer)
    assert current_edition(page.translation_key).number == 2
    edit(page, writer)
    with pytest.raises(PolicyError, match="differs from the text"):
        submit(page, writer, nothing_to_change=True)


def test_the_text_of_a_withdrawn_page_may_be_submitted_unchanged(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    cause = WithdrawalReason.BEING_CHECKED
    Withdraw(reviewer, page.translation_key, cause=cause, note="Check.", password=PASSWORD).execute()
    sign(submit(page, writer), reviewer)


def test_the_form_offers_nothing_to_change_only_where_that_is_true(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    address = reverse("review:submit", args=[page.pk])
    assert "nothing to change" not in as_user(writer).get(address).content.decode()
    publish(page, writer, reviewer)
    form = {"review_kind": "full_review", "reason": "Due."}
    answer = as_user(writer).post(address, form)
    assert answer.status_code == 403
    assert "Reviewed, nothing to change" in answer.content.decode()
    assert as_user(writer).post(address, form | {"nothing_to_change": "on"}).status_code == 302

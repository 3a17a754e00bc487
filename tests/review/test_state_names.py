"""One set of names for the states of a page: the dashboard's, also in Wagtail's lists and editor."""

from typing import Any

import pytest
from django.urls import reverse

from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.review.actions import Withdraw
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, make_monograph, publish, submit

pytestmark = pytest.mark.django_db

STOCK = ("in moderation", "live + draft", "In Moderation", ">Live<")


def state_of(page: MonographPage) -> str:
    return str(MonographPage.objects.get(pk=page.pk).status_string)


def test_each_state_has_the_dashboards_name(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    assert state_of(page) == "Draft"
    submit(page, writer)
    assert state_of(page) == "In review"
    other = make_monograph("otherumab", by=writer)
    publish(other, writer, reviewer)
    assert state_of(other) == "Published"
    edit(other, writer, how_it_works="Changed.")
    assert state_of(other) == "Draft"
    submit(other, writer)
    assert state_of(other) == "In review"
    key = other.translation_key
    Withdraw(reviewer, key, cause=WithdrawalReason.MISTAKE, note="Wrong dose.", password=PASSWORD).execute()
    assert state_of(other) == "Withdrawn"


def test_wagtails_screens_use_no_other_names(writer: Any, reviewer: Any, medicines: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="Changed.")
    submit(page, writer)
    client = as_user(writer)
    for address in (
        reverse("wagtailadmin_explore", args=[medicines.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
    ):
        text = client.get(address).content.decode()
        assert "In review" in text
        assert not [name for name in STOCK if name in text]

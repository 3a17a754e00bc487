"""The list of reviews that are due, and the screen on which a page is reviewed and nothing changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from monographs.editions.queries import current_edition
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import SignUnchanged
from tests.conftest import as_user
from tests.factories import (
    PASSWORD,
    edit,
    make_monograph,
    make_user,
    publish,
)

pytestmark = pytest.mark.django_db


def test_a_reviewer_goes_through_a_round(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    other = make_monograph("otherumab", by=writer)
    publish(other, writer, reviewer)
    client = as_user(reviewer2)
    text = client.get(reverse("due:list"), {"show": "year"}).content.decode()
    assert text.count("Can be reviewed as it is") == 2
    begun = client.get(reverse("due:begin"), {"page": [published_medicine.pk, other.pk]})
    first = begun["Location"]
    address = reverse("due:review", args=[published_medicine.pk])
    assert first == f"{address}?round={published_medicine.pk}.{other.pk}"
    screen = client.get(first)
    assert "Page 1 of 2" in screen.content.decode()
    form = screen.context["form"]
    data = {name: form[name].value() for name in ("sha256", "signer")}
    data |= {"password": PASSWORD, "statements": form.wanted[:-1]}
    incomplete = client.post(first, data)
    assert incomplete.status_code == 400
    assert "Tick every statement" in incomplete.content.decode()
    signed = client.post(first, data | {"statements": form.wanted})
    assert signed["Location"].startswith(reverse("due:review", args=[other.pk]))
    last = client.get(signed["Location"])
    assert "Page 2 of 2" in last.content.decode()
    data["sha256"] = last.context["form"]["sha256"].value()
    assert client.post(signed["Location"], data | {"statements": form.wanted})["Location"] == reverse(
        "due:list"
    )
    assert current_edition(other.translation_key).number == 2


def test_the_screen_says_why_not_and_keeps_a_wrong_password_at_its_field(
    published_medicine: Any, writer: Any, reviewer2: Any
) -> None:
    address = reverse("due:review", args=[published_medicine.pk])
    client = as_user(reviewer2)
    form = client.get(address).context["form"]
    data = {"sha256": form["sha256"].value(), "statements": form.wanted, "password": "wrong"}
    wrong = client.post(address, data)
    assert wrong.status_code == 403
    assert wrong.context["form"].errors["password"]
    edit(published_medicine, writer, how_it_works="Changed.")
    answer = client.post(address, data | {"password": PASSWORD})
    assert answer.status_code == 403
    assert "An unpublished draft differs" in answer.content.decode()
    assert 'name="password"' not in answer.content.decode()
    frame = client.get(reverse("due:text", args=[published_medicine.pk]))
    assert "which patients read now" in frame.content.decode()


def test_a_page_that_patients_do_not_read_is_not_found(writer: Any, reviewer2: Any) -> None:
    page = make_monograph("draftumab", by=writer)
    for name in ("due:review", "due:text"):
        assert as_user(reviewer2).get(reverse(name, args=[page.pk])).status_code == 404


def test_the_list_takes_a_fixed_number_of_queries(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any, django_assert_max_num_queries: Any
) -> None:
    client, address = as_user(reviewer2), f"{reverse('due:list')}?show=year"
    client.get(address)

    def count() -> int:
        with django_assert_max_num_queries(60) as captured:
            client.get(address)
        return len(captured)

    one = count()
    for name in ("firstumab", "secondumab"):
        publish(make_monograph(name, by=writer), writer, reviewer)
    assert count() == one


def test_what_is_due_until_the_end_of_a_month_is_listed(published_medicine: Any, reviewer2: Any) -> None:
    due = current_edition(published_medicine.translation_key).next_due
    client = as_user(reviewer2)
    listed = client.get(reverse("due:list"), {"month": f"{due:%Y-%m}"}).content.decode()
    before = client.get(reverse("due:list"), {"month": f"{due - timedelta(days=40):%Y-%m}"}).content.decode()
    assert "testumab" in listed
    assert "No review is due in this time" in before
    calendar = client.get(reverse("dashboard:calendar"), {"month": f"{due:%Y-%m}"}).content.decode()
    assert f"{reverse('due:list')}?month={due:%Y-%m}" in calendar


def test_a_writer_sees_the_list_and_cannot_sign(published_medicine: Any, writer: Any) -> None:
    text = as_user(writer).get(reverse("due:list"), {"show": "year"}).content.decode()
    assert "testumab" in text
    assert "Review the ticked pages" not in text
    address = reverse("due:review", args=[published_medicine.pk])
    assert as_user(writer).post(address, {"sha256": "0" * 64, "password": PASSWORD}).status_code in (400, 403)
    edition = current_edition(published_medicine.translation_key)
    with pytest.raises(PolicyError) as refused:
        SignUnchanged(
            writer, published_medicine, seen_sha256=edition.sha256, ticked=[], password=PASSWORD
        ).execute()
    assert refused.value.rule == Rule.NOT_A_REVIEWER


def test_others_do_not_see_the_screens(published_medicine: Any) -> None:
    stranger = as_user(make_user("stranger"))
    for name, args in (("due:list", []), ("due:begin", []), ("due:review", [published_medicine.pk])):
        assert stranger.get(reverse(name, args=args)).status_code == 302

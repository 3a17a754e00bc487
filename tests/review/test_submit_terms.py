"""What the submission form asks and remembers: what changed, the reason, the reviewers and the day."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import Revision

from monographs.core.db_clock import database_today
from monographs.editions.queries import current_edition
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Recall, Return
from monographs.review.models import Submission
from tests.conftest import as_user
from tests.factories import edit, make_monograph, publish, sign, submit

pytestmark = pytest.mark.django_db

FORM = {"review_kind": "full_review", "reason": "New label."}


def post(user: Any, page: MonographPage, **fields: str) -> Any:
    return as_user(user).post(reverse("review:submit", args=[page.pk]), FORM | fields)


def form_of(user: Any, page: MonographPage) -> Any:
    return as_user(user).get(reverse("review:submit", args=[page.pk])).context["form"]


def changed_page(writer: Any, reviewer: Any) -> MonographPage:
    """Create a published page with a changed draft that keeps the sentence of the last edition."""
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, change_note="", how_it_works="It works in another way.")
    return page


def test_what_changed_is_asked_at_submission(writer: Any, reviewer: Any) -> None:
    page = changed_page(writer, reviewer)
    assert form_of(writer, page)["change_note"].value() == ""
    refused = post(writer, page, change_note=" ")
    assert refused.status_code == 400
    assert "Say in a sentence what is different" in refused.content.decode()
    assert not Submission.objects.filter(status="in_review").exists()

    assert post(writer, page, change_note="How it works is said anew.").status_code == 302
    submission = Submission.objects.get(status="in_review")
    assert submission.document.change_note == "How it works is said anew."
    latest = MonographPage.objects.get(pk=page.pk).latest_revision
    assert latest.content["change_note"] == "How it works is said anew."
    assert latest.user == writer, "it is the words of who submits"


def test_a_sentence_of_the_edition_before_is_refused(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, change_note="It is new.")
    publish(page, writer, reviewer)
    edit(page, writer, change_note="It is new.", how_it_works="It works in another way.")
    assert form_of(writer, page)["change_note"].value() == "", "the old sentence is not offered again"
    refused = post(writer, page, change_note="It is new.")
    assert refused.status_code == 400
    assert "note of the edition before" in refused.content.decode()


def test_a_refused_submission_changes_nothing_in_the_draft(writer: Any, reviewer: Any) -> None:
    page = changed_page(writer, reviewer)
    before = Revision.objects.count()
    refused = post(writer, page, change_note="A word.", review_kind="correction")
    assert refused.status_code == 403, "the text changed too much for a correction"
    assert Revision.objects.count() == before
    assert "A word." in refused.content.decode()


def test_a_form_without_the_field_leaves_the_draft_its_own(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, change_note="The draft says so.", how_it_works="It works in another way.")
    assert post(writer, page).status_code == 302
    assert Submission.objects.get(status="in_review").document.change_note == "The draft says so."


def test_a_first_edition_may_say_nothing(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    assert post(writer, page, change_note="").status_code == 302


@pytest.mark.parametrize("ending", ["returned", "recalled"])
def test_a_text_that_came_back_is_submitted_with_what_was_entered(
    writer: Any, reviewer: Any, reviewer2: Any, ending: str
) -> None:
    page = make_monograph(by=writer)
    day = database_today() + timedelta(days=3)
    terms = {"reason": "Because of this.", "reviewers": [reviewer2], "due_on": day}
    submission = submit(page, writer, **terms)
    if ending == "returned":
        Return(reviewer, submission, reason="Not yet.").execute()
    else:
        Recall(writer, submission).execute()
    form = form_of(writer, page)
    assert form["reason"].value() == "Because of this."
    assert form["reviewers"].value() == [str(reviewer2.pk)]
    assert form["due_on"].value() == day


def test_terms_of_a_signed_text_are_not_taken_over_nor_a_day_that_has_passed(
    writer: Any, reviewer: Any
) -> None:
    page = changed_page(writer, reviewer)
    assert not form_of(writer, page)["reason"].value()
    edit(page, writer, how_it_works="It works in a third way.")
    submission = submit(page, writer, reason="Because of this.")
    Submission.objects.filter(pk=submission.pk).update(due_on=database_today() - timedelta(days=1))
    Return(reviewer, submission, reason="Not yet.").execute()
    form = form_of(writer, page)
    assert form["reason"].value() == "Because of this."
    assert not form["due_on"].value()


@pytest.mark.parametrize("says", [True, False], ids=["says what changed", "says nothing"])
def test_who_says_what_changed_cannot_sign_it(writer: Any, reviewer: Any, reviewer2: Any, says: bool) -> None:
    User.objects.filter(pk=reviewer2.pk).update(is_superuser=True)
    both = User.objects.get(pk=reviewer2.pk)
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It works in another way.")
    submission = submit(page, both, change_note="How it works is said anew." if says else None)
    Recall(both, submission).execute()
    again = submit(page, writer)
    if says:
        with pytest.raises(PolicyError, match="words of yours"):
            sign(again, both)
    else:
        sign(again, both)
    assert (current_edition(page.translation_key).number == 2) is not says

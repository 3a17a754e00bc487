"""Forms of a review fit a phone: nothing scrolls sideways, whatever is open."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from monographs.review.actions import AddNote
from tests.factories import edit, make_monograph, make_user, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)

OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
#: Fields and buttons that reach beyond the screen, by their text.
BEYOND = """[...document.querySelectorAll('main :is(textarea, input, select, button, label, summary)')]
  .filter((each) => each.checkVisibility() && !each.closest('.form-side, [aria-hidden=true]'))
  .filter((each) => each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().left < 0)
  .map((each) => `${each.tagName} ${each.className} ${each.name || each.textContent.trim()}`)"""


def test_notes_and_overrules_fit_a_phone(
    open_browser: Any, site: Any, writer: Any, reviewer: Any, editor: Any
) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="Call us about a rash.")
    submission = submit(page, writer)
    AddNote(reviewer, submission, section="how_it_works", body="Averylongnote" * 20).execute()
    draft = edit(make_monograph("otherumab", by=writer), writer, how_it_works="Take .5 mg once a day.")
    review, submitting = f"/admin/review/{submission.pk}/", f"/admin/review/submit/{draft.pk}/"
    editing = f"/admin/pages/{draft.pk}/edit/"
    make_user("somebody-with-a-long-name", "Medical reviewers")
    profile = reverse("wagtailsnippets_review_reviewerprofile:edit", args=[reviewer.reviewer_profile.pk])
    for person, address in (
        (editor, profile),
        (reviewer, review),
        (editor, editing),
        (editor, submitting),
    ):
        phone = open_browser(person, width=390).page
        phone.goto(address)
        if address == editing:
            expect(phone.get_by_text("zero before the point").first).to_be_attached()
        phone.evaluate(OPEN_ALL)
        assert phone.evaluate(BEYOND) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
